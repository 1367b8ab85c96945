// Command lines as all commands have them: positional arguments and flags in any order.
#ifndef MODELEXPORT_COMMANDS_COMMAND_LINE_H_
#define MODELEXPORT_COMMANDS_COMMAND_LINE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace modelexport {

// An error with Fault::kUsage.
absl::Status UsageError(absl::string_view message);

// What a flag does with its value; an error says what is wrong with the value.
using FlagSetter = std::function<absl::Status(const std::string& value)>;

struct Flag {
  std::string name;   // Without "--".
  std::string value;  // How help names the value: "FILE"; "" for a flag that is true or false.
  std::string help;   // Whole sentences, the default included.
  FlagSetter set;
};

// Setters for the usual types. The targets must outlive the flags.
FlagSetter SetBool(bool* target);  // "", "true", "false"; --noNAME is --NAME=false.
FlagSetter SetString(std::string* target);
FlagSetter SetNumber(double* target, double least, double most);
FlagSetter SetOptionalBool(absl::optional<bool>* target);
FlagSetter SetOptionalNumber(absl::optional<double>* target, double most);  // From 0.

// A setter for one of a few words.
template <typename T>
FlagSetter SetWord(T* target, std::vector<std::pair<std::string, T>> words) {
  return [target, words = std::move(words)](const std::string& value) {
    std::vector<std::string> names;
    for (const auto& word : words) {
      names.push_back(word.first);
      if (word.first != value) continue;
      *target = word.second;
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(absl::StrCat("is none of ", absl::StrJoin(names, ", ")));
  };
}

// Sets flags and returns the positional arguments. `arguments` are those after the program's name.
// A flag is --NAME=VALUE or --NAME VALUE; one that is true or false --NAME, --NAME=VALUE or
// --noNAME; -h is --help, -o is --out where there is such a flag. All after "--" is positional, and
// so is "-". Errors have Fault::kUsage.
absl::StatusOr<std::vector<std::string>> ParseCommandLine(const std::vector<std::string>& arguments,
                                                          const std::vector<Flag>& flags);

// Characters in a line of help.
inline constexpr size_t kHelpWidth = 80;

// Help for `flags`, a block of lines of at most kHelpWidth.
std::string DescribeFlags(const std::vector<Flag>& flags);

// `path` seen from the directory that the user stood in: under `bazel run` the program runs
// elsewhere and BUILD_WORKING_DIRECTORY says where that was.
std::string UserPath(absl::string_view path);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COMMAND_LINE_H_
