#include "modelexport/commands/command_line.h"

#include <getopt.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/fault.h"

namespace modelexport {
namespace {

// getopt would take "--val" for "--validate"; a typing error should not pass.
bool IsWholeName(absl::string_view argument, const option& chosen) {
  return argument.substr(2, argument.find('=') - 2) == chosen.name;
}

// The table that getopt_long wants: each flag, and --noNAME for those without a value.
std::vector<option> OptionTable(const std::vector<Flag>& flags,
                                const std::vector<std::string>& negations) {
  std::vector<option> table;
  for (size_t i = 0; i < flags.size(); ++i) {
    const bool is_bool = flags[i].value.empty();
    const int index = static_cast<int>(i);
    table.push_back({flags[i].name.c_str(), is_bool ? optional_argument : required_argument,
                     nullptr, 2 * index});
    if (is_bool) table.push_back({negations[i].c_str(), no_argument, nullptr, 2 * index + 1});
  }
  table.push_back({nullptr, 0, nullptr, 0});
  return table;
}

}  // namespace

absl::Status UsageError(absl::string_view message) {
  return WithFault(absl::InvalidArgumentError(message), Fault::kUsage);
}

FlagSetter SetBool(bool* target) {
  return [target](const std::string& value) {
    if (!value.empty() && value != "true" && value != "false") {
      return absl::InvalidArgumentError("is neither true nor false");
    }
    *target = value != "false";
    return absl::OkStatus();
  };
}

FlagSetter SetString(std::string* target) {
  return [target](const std::string& value) {
    *target = value;
    return absl::OkStatus();
  };
}

FlagSetter SetNumber(double* target, double least, double most) {
  return [=](const std::string& value) {
    double number;
    if (!absl::SimpleAtod(value, &number) || !(number >= least && number <= most)) {
      return absl::InvalidArgumentError(absl::StrFormat("is no number from %g to %g", least, most));
    }
    *target = number;
    return absl::OkStatus();
  };
}

absl::StatusOr<std::vector<std::string>> ParseCommandLine(std::vector<std::string> arguments,
                                                          const std::vector<Flag>& flags) {
  std::vector<std::string> negations;
  for (const Flag& flag : flags) negations.push_back(absl::StrCat("no", flag.name));
  const std::vector<option> table = OptionTable(flags, negations);
  std::string program = "program";
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(argv.size()) - 1;
  optind = 0;  // Starts anew, also after an earlier command line.
  opterr = 0;
  int position = -1;
  for (int code; (code = getopt_long(argc, argv.data(), ":", table.data(), &position)) != -1;) {
    std::string written = optind > 0 ? argv[optind - 1] : "";
    // Of several letters, as in "-xyz", getopt stands within: they have greater codes than flags.
    const bool is_letter = code == '?' && optopt >= static_cast<int>(2 * flags.size());
    if (is_letter) written = {'-', static_cast<char>(optopt)};
    if (code == ':') return UsageError(absl::StrCat(written, ": a value is missing"));
    if (code == '?' || !IsWholeName(written, table[position])) {
      // What follows "=" of a --noNAME is an error of the same kind.
      return UsageError(absl::StrCat(written, ": no such flag, or it takes no value"));
    }
    const Flag& flag = flags[code / 2];
    const std::string value = code % 2 == 1 ? "false" : optarg != nullptr ? optarg : "";
    const absl::Status status = flag.set(value);
    if (!status.ok()) {
      return UsageError(absl::StrCat("--", flag.name, "=", value, ": ", status.message()));
    }
  }
  return std::vector<std::string>(argv.begin() + optind, argv.begin() + argc);
}

std::string DescribeFlags(const std::vector<Flag>& flags) {
  std::string text;
  for (const Flag& flag : flags) {
    absl::StrAppend(&text, "  --", flag.name, flag.value.empty() ? "" : "=", flag.value, "\n");
    for (absl::string_view line : absl::StrSplit(flag.help, '\n')) {
      absl::StrAppend(&text, "      ", line, "\n");
    }
  }
  return text;
}

std::string UserPath(absl::string_view path) {
  const char* const directory = std::getenv("BUILD_WORKING_DIRECTORY");
  if (directory == nullptr || path.empty() || path[0] == '/') return std::string(path);
  return absl::StrCat(directory, "/", path);
}

}  // namespace modelexport
