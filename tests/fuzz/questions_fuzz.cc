// The commands that print what a model has: `analyze`, `select` and `compare`.

#include <atomic>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "modelexport/commands/analyze.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/compare.h"
#include "modelexport/commands/select.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

// Returns the exit code, which is 0, or 1 or 3 after an error that names a file.
int Ask(int (*command)(const Console&, const Arguments&), const TriedFiles& files,
        Arguments arguments) {
  if (!files.hierarchy().empty()) {
    arguments.push_back(absl::StrCat("--hierarchy=", files.hierarchy()));
  }
  std::ostringstream out, err;
  Console console;
  console.program = "it";
  console.out = &out;
  console.err = &err;
  console.cancel_on_signals = [] { return static_cast<const std::atomic<bool>*>(nullptr); };
  console.show_stage = [](absl::string_view) {};
  const int code = command(console, arguments);
  Require(code == 0 || code == 1 || code == 3, "the exit code says that an input is at fault",
          absl::StrCat(code, ": ", err.str()));
  Require(code == 0 || absl::StrContains(err.str(), files.Path("")), "every error names its file",
          err.str());
  return code;
}

}  // namespace

void Try(const TriedFiles& files) {
  const std::string& model = files.model();
  Ask(AnalyzeCommand, files, {model, "--costs", "--lines"});
  Ask(AnalyzeCommand, files, {model, "--format=json", "--costs"});
  Ask(SelectCommand, files, {model, "**", "--also", "--format=json"});
  const int same = Ask(CompareCommand, files, {model, model, "--exit_code"});
  Require(same != 1, "a model does not differ from itself");
}

}  // namespace modelexport::fuzz
