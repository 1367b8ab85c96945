#include "modelexport/commands/command.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/fault.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/wrapped.h"

namespace modelexport {
namespace {

std::string StrategyNames() {
  std::vector<std::string> names;
  for (const Strategy& strategy : StandardStrategies()) names.push_back(strategy.name);
  return absl::StrJoin(names, ", ");
}

std::string Usage(const std::string& program, const CommandHelp& help,
                  const std::vector<Flag>& flags) {
  return absl::StrCat("usage: ", program, " ", help.arguments, "\n\n",
                      Wrapped(help.text, kHelpWidth), "\n", DescribeFlags(flags), "\n",
                      Wrapped(help.exit_codes, kHelpWidth), "\nexample:\n  ", program, " ",
                      help.example, "\n");
}

int ExitCode(const absl::Status& error) {
  switch (FaultOf(error)) {
    case Fault::kJudged:
      return 1;
    case Fault::kUsage:
      return 2;
    case Fault::kInput:
      return 3;
    case Fault::kOutput:
      return 4;
  }
  return 3;
}

// As terminals may be shown it. Lists of findings or of nodes have lines, which only faults of the
// model or the call bring.
std::string Shown(const absl::Status& status) {
  const bool may_have_lines = FaultOf(status) == Fault::kJudged || FaultOf(status) == Fault::kUsage;
  return Printable(status.message(), may_have_lines ? LineFeeds::kKept : LineFeeds::kEscaped);
}

}  // namespace

int RunCommand(const Console& console, const CommandHelp& help, std::vector<Flag> flags,
               const Arguments& arguments,
               const std::function<absl::Status(const Arguments&)>& run) {
  bool help_wanted = false;
  flags.push_back({"help", "", "Prints this text.", SetBool(&help_wanted)});
  const absl::StatusOr<Arguments> positional = ParseCommandLine(arguments, flags);
  if (positional.ok() && help_wanted) {
    *console.out << Usage(console.program, help, flags);
    return 0;
  }
  const absl::Status status = positional.ok() ? run(*positional) : positional.status();
  if (status.ok()) return 0;
  *console.err << console.program << ": " << Shown(status) << "\n";
  if (FaultOf(status) == Fault::kUsage) {
    *console.err << console.program << " --help lists the flags\n";
  }
  return ExitCode(status);
}

std::string HierarchyPath(const std::string& argument) {
  if (argument == kEmbeddedHierarchy || argument == kNamesHierarchy) return argument;
  return UserPath(argument == kTagsHierarchy ? absl::StrCat("./", argument) : argument);
}

absl::Status RefuseEmpty(const std::vector<std::string>& names,
                         const std::vector<std::string>& values) {
  for (size_t i = 0; i < names.size() && i < values.size(); ++i) {
    if (values[i].empty()) return UsageError(absl::StrCat(names[i], " is empty"));
  }
  return absl::OkStatus();
}

Flag StrategyFlag(std::string* name) {
  return {"strategy", "NAME",
          absl::StrCat("Which evidence is used: ", StrategyNames(), ". Default: auto."),
          SetString(name)};
}

absl::StatusOr<Strategy> ChooseStrategy(const std::string& name) {
  for (Strategy& strategy : StandardStrategies()) {
    if (strategy.name == name) return std::move(strategy);
  }
  return UsageError(absl::StrCat("--strategy=", name, ": is none of ", StrategyNames()));
}

}  // namespace modelexport
