// What all commands do around their own work: flags, help, errors, exit codes (docs/cli.md).
#ifndef MODELEXPORT_COMMANDS_COMMAND_H_
#define MODELEXPORT_COMMANDS_COMMAND_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/graph/type_inference.h"
#include "modelexport/validation/model_checker.h"

namespace modelexport {

// What a command may use of the program that runs it. Members without a default must be set.
struct Console {
  std::string program;          // How the user calls the command: "tag_onnx" or "modelexport tag".
  std::ostream* out = nullptr;  // Results.
  std::ostream* err = nullptr;  // The error.

  size_t width = 80;     // Of `out`, in characters.
  bool colours = false;  // Whether `out` shows the escape sequences of terminals.

  ModelChecker checker;     // For validation at level kFull.
  TypeInference inference;  // For types that models do not declare.

  // The page of `view` without its data (view/view_page.h); "": the program has none.
  absl::string_view view_page;

  // From the first call on, signals that end programs set the flag returned instead.
  std::function<const std::atomic<bool>*()> cancel_on_signals;

  // Tells the user, beside what is printed, which stage runs; "" when the last one has ended.
  std::function<void(absl::string_view stage)> show_stage;
};

using Arguments = std::vector<std::string>;

// How help describes a command, between its name and its flags and after them.
struct CommandHelp {
  std::string arguments;   // As "IN.onnx [flags]".
  std::string text;        // Paragraphs, parted by blank lines.
  std::string exit_codes;  // The paragraph about them.
  std::string example;     // Arguments that work at the top of the repository.
};

// Sets `flags` and --help from `arguments`, then calls `run` with the positional ones and prints
// its error. Returns the exit code.
int RunCommand(const Console& console, const CommandHelp& help, std::vector<Flag> flags,
               const Arguments& arguments,
               const std::function<absl::Status(const Arguments&)>& run);

// UserPath() of an argument that is the path of a hierarchy, or the word for that of the model.
std::string HierarchyPath(const std::string& argument);

// A usage error where a value is empty, as a shell variable that is not set makes it. `names` says
// how help calls the arguments, in their order.
absl::Status RefuseEmpty(const std::vector<std::string>& names,
                         const std::vector<std::string>& values);

// The flag --strategy, for commands that match, and the strategy that its value names.
Flag StrategyFlag(std::string* name);
absl::StatusOr<Strategy> ChooseStrategy(const std::string& name);

// Calls `run` with what shows the stages of a run on `console`, and ends that when it returns. If
// `quiet`, nothing is shown.
template <typename Run>
auto ShowingStages(const Console& console, bool quiet, const Run& run) {
  const auto show = [&console, quiet](absl::string_view stage) {
    if (!quiet) console.show_stage(stage);
  };
  auto result = run(show);
  show("");
  return result;
}

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COMMAND_H_
