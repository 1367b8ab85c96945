#include <iostream>

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/explain.h"
#include "tools/command.h"
#include "tools/command_line.h"
#include "tools/commands.h"

namespace modelexport::tools {
namespace {

CommandHelp Help() {
  return {
      "IN.onnx HIERARCHY.json NODE [flags]",
      R"(Shows every module that was proposed for one node of IN, why, and what `tag` takes.

NODE is a place (#3 in the main graph, /7:then_branch#0 in a body, function:domain:name:overload#2),
else a value that the node makes, else the node's name.
)",
      R"(Exit code: 0 done; 2 wrong usage, or NODE means no node or several, which are listed; 3 an input is
missing or malformed.
)"};
}

absl::Status RunExplain(const std::vector<std::string>& arguments, const std::string& strategy) {
  if (arguments.size() != 3) {
    return UsageError(
        absl::StrCat("three arguments are wanted, IN HIERARCHY NODE, not ", arguments.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "HIERARCHY", "NODE"}, arguments));
  ExplainRequest request;
  request.model = UserPath(arguments[0]);
  request.hierarchy = HierarchyPath(arguments[1]);
  request.node = arguments[2];
  MX_ASSIGN_OR_RETURN(request.strategy, ChooseStrategy(strategy));
  MX_ASSIGN_OR_RETURN(const Explanation explanation, Explain(request));
  std::cout << RenderText(explanation);
  return absl::OkStatus();
}

}  // namespace

int ExplainCommand(const std::string& program, const Arguments& arguments) {
  std::string strategy = "auto";
  return RunCommand(program, Help(), {StrategyFlag(&strategy)}, arguments,
                    [&strategy](const auto& rest) { return RunExplain(rest, strategy); });
}

}  // namespace modelexport::tools
