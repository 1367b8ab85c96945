#include "modelexport/commands/command_line.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/nearest.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/render/wrapped.h"

namespace modelexport {
namespace {

// One argument that begins with "-", as it was written.
struct Written {
  absl::string_view name;                   // Between "--" and "=".
  absl::optional<absl::string_view> value;  // After "=".
};

Written TakeApart(absl::string_view argument) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(argument.substr(2), absl::MaxSplits('=', 1));
  if (!absl::StrContains(argument, '=')) return {parts.first, absl::nullopt};
  return {parts.first, parts.second};
}

const Flag* FindFlag(absl::string_view name, const std::vector<Flag>& flags) {
  for (const Flag& flag : flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

// The flag that --noNAME turns off.
const Flag* FindNegated(const Written& written, const std::vector<Flag>& flags) {
  absl::string_view name = written.name;
  if (written.value.has_value() || !absl::ConsumePrefix(&name, "no")) return nullptr;
  const Flag* const flag = FindFlag(name, flags);
  return flag != nullptr && flag->value.empty() ? flag : nullptr;
}

// `argument`, with the name of a flag in place of its letter.
std::string InFull(const std::string& argument, const std::vector<Flag>& flags) {
  if (argument == "-h") return "--help";
  return argument == "-o" && FindFlag("out", flags) != nullptr ? "--out" : argument;
}

absl::Status UnknownFlag(absl::string_view argument, const std::vector<Flag>& flags) {
  std::vector<std::string> names;
  for (const Flag& flag : flags) names.push_back(absl::StrCat("--", flag.name));
  const absl::string_view name = argument.substr(0, argument.find('='));
  return UsageError(absl::StrCat(argument, ": no such flag", DidYouMean(name, names)));
}

absl::Status Set(const Flag& flag, const std::string& value) {
  const absl::Status status = flag.set(value);
  if (status.ok()) return status;
  return UsageError(absl::StrCat("--", flag.name, "=", value, ": ", status.message()));
}

// Sets what arguments[*i] says; its value may be the argument after it, to which *i is moved.
absl::Status SetFlag(const std::vector<std::string>& arguments, const std::vector<Flag>& flags,
                     size_t* i) {
  const std::string argument = InFull(arguments[*i], flags);
  if (argument[1] != '-') return UnknownFlag(argument.substr(0, 2), flags);
  const Written written = TakeApart(argument);
  const Flag* flag = FindFlag(written.name, flags);
  if (flag == nullptr) {
    flag = FindNegated(written, flags);
    return flag == nullptr ? UnknownFlag(argument, flags) : Set(*flag, "false");
  }
  if (written.value.has_value()) return Set(*flag, std::string(*written.value));
  if (flag->value.empty()) return Set(*flag, "");
  if (*i + 1 == arguments.size()) return UsageError(absl::StrCat(argument, ": a value is missing"));
  return Set(*flag, arguments[++*i]);
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

FlagSetter SetOptionalBool(absl::optional<bool>* target) {
  return [target](const std::string& value) {
    target->emplace();
    return SetBool(&**target)(value);
  };
}

FlagSetter SetOptionalNumber(absl::optional<double>* target, double most) {
  return [=](const std::string& value) {
    target->emplace();
    return SetNumber(&**target, 0, most)(value);
  };
}

absl::StatusOr<std::vector<std::string>> ParseCommandLine(const std::vector<std::string>& arguments,
                                                          const std::vector<Flag>& flags) {
  std::vector<std::string> positional;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--") {
      positional.insert(positional.end(), arguments.begin() + i + 1, arguments.end());
      break;
    }
    if (arguments[i].size() < 2 || arguments[i][0] != '-') {
      positional.push_back(arguments[i]);
      continue;
    }
    MX_RETURN_IF_ERROR(SetFlag(arguments, flags, &i));
  }
  return positional;
}

std::string DescribeFlags(const std::vector<Flag>& flags) {
  std::string text;
  for (const Flag& flag : flags) {
    absl::StrAppend(&text, "  --", flag.name, flag.value.empty() ? "" : "=", flag.value, "\n");
    absl::StrAppend(&text, Wrapped(flag.help, kHelpWidth, 6));
  }
  return text;
}

std::string UserPath(absl::string_view path) {
  const char* const directory = std::getenv("BUILD_WORKING_DIRECTORY");
  if (directory == nullptr || path.empty() || path[0] == '/') return std::string(path);
  return absl::StrCat(directory, "/", path);
}

}  // namespace modelexport
