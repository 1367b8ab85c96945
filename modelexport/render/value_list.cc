#include "modelexport/render/value_list.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/render/exclude_list.h"
#include "modelexport/render/printable.h"

namespace modelexport {
namespace {

std::string Lines(const std::vector<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) absl::StrAppend(&lines, LineOf(name), "\n");
  return lines;
}

bool IsPlain(char byte) {
  return absl::ascii_isalnum(byte) || absl::StrContains("_./:,+=@%-", absl::string_view(&byte, 1));
}

std::string AsShellWord(const std::string& text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), IsPlain)) return text;
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

absl::Status CheckName(ValueTarget target, const std::string& name) {
  const char* reason = nullptr;
  if (Printable(name).size() != name.size()) reason = "has control characters";
  if (target == ValueTarget::kPolygraphy && absl::StartsWith(name, "-")) {
    reason = "would be taken for a flag";
  }
  if (target == ValueTarget::kTrtexec && absl::StrContains(name, ',')) reason = "has a comma";
  if (reason == nullptr) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the name ", LineOf(name), " ", reason));
}

}  // namespace

absl::StatusOr<std::string> RenderValueList(ValueTarget target,
                                            const std::vector<std::string>& names) {
  if (target == ValueTarget::kNames) return Lines(names);
  for (const std::string& name : names) MX_RETURN_IF_ERROR(CheckName(target, name));
  if (target == ValueTarget::kTrtexec) return AsShellWord(absl::StrJoin(names, ",")) + "\n";
  const auto append = [](std::string* out, const std::string& name) { *out += AsShellWord(name); };
  return absl::StrJoin(names, " ", append) + "\n";
}

}  // namespace modelexport
