// The commands that show what a model has: `analyze`, `select`, `compare`, `explain` and `view`.

#include <atomic>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "modelexport/commands/analyze.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/compare.h"
#include "modelexport/commands/explain.h"
#include "modelexport/commands/select.h"
#include "modelexport/commands/view.h"
#include "modelexport/view/view_page.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

// Returns the exit code, which is 0, or another after an error that names a file.
int Ask(int (*command)(const Console&, const Arguments&), const Arguments& arguments) {
  std::ostringstream out, err;
  Console console;
  console.program = "it";
  console.out = &out;
  console.err = &err;
  console.cancel_on_signals = [] { return static_cast<const std::atomic<bool>*>(nullptr); };
  console.view_page = kViewDataMark;  // A page of nothing but data.
  console.show_stage = [](absl::string_view) {};
  const int code = command(console, arguments);
  Require(code >= 0 && code <= 3, "the exit code does not say that writing failed",
          absl::StrCat(code, ": ", err.str()));
  Require(code == 0 || absl::StrContains(err.str(), TriedFiles::Path("")),
          "every error names its file", err.str());
  return code;
}

}  // namespace

void Try(const TriedFiles& files) {
  const std::string& model = files.model();
  const std::string& hierarchy = files.hierarchy();
  const auto ask = [&](int (*command)(const Console&, const Arguments&), Arguments arguments) {
    if (!hierarchy.empty()) arguments.push_back(absl::StrCat("--hierarchy=", hierarchy));
    const int code = Ask(command, arguments);
    Require(code != 2, "the command line is right");
    return code;
  };
  ask(AnalyzeCommand, {model, "--costs", "--lines"});
  ask(AnalyzeCommand, {model, "--format=json", "--costs"});
  ask(SelectCommand, {model, "**", "--also", "--format=json"});
  const int same = ask(CompareCommand, {model, model, "--exit_code"});
  Require(same != 1, "a model does not differ from itself");
  ask(ViewCommand, {model, absl::StrCat("--out=", TriedFiles::Path("page.html"))});
  if (!hierarchy.empty()) Ask(ExplainCommand, {model, hierarchy, "#0"});
}

}  // namespace modelexport::fuzz
