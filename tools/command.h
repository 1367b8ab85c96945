// What all commands do around their own work: flags, help, errors, exit codes (docs/cli.md).
#ifndef MODELEXPORT_TOOLS_COMMAND_H_
#define MODELEXPORT_TOOLS_COMMAND_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "modelexport/evidence/strategy.h"
#include "tools/command_line.h"

namespace modelexport::tools {

// How help describes a command, between its name and its flags and behind them.
struct CommandHelp {
  std::string arguments;   // As "IN.onnx [flags]".
  std::string text;        // Paragraphs of whole lines.
  std::string exit_codes;  // The line about them, or lines.
};

// Runs a command that the user called as `program`: sets `flags` and --help from `arguments`, then
// calls `run` with the positional ones, prints its error. Returns the exit code. Where a signal
// came and was asked for (interruption.h) the program ends by it.
int RunCommand(const std::string& program, const CommandHelp& help, std::vector<Flag> flags,
               const std::vector<std::string>& arguments,
               const std::function<absl::Status(const std::vector<std::string>&)>& run);

// An error with Fault::kUsage.
absl::Status UsageError(absl::string_view message);

// UserPath() of an argument that is the path of a hierarchy, or the word for that of the model.
std::string HierarchyPath(const std::string& argument);

// A usage error where a value is empty, as a shell variable that is not set makes it. `names` says
// how help calls the arguments, in their order.
absl::Status RefuseEmpty(const std::vector<std::string>& names,
                         const std::vector<std::string>& values);

// The flag --strategy, for commands that match, and the strategy that its value names.
Flag StrategyFlag(std::string* name);
absl::StatusOr<Strategy> ChooseStrategy(const std::string& name);

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_COMMAND_H_
