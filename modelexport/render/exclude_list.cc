#include "modelexport/render/exclude_list.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/substrings.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::json;

// ASCII alone, so that no control character is left.
std::string JsonText(absl::string_view text) {
  return Json(std::string(text)).dump(-1, ' ', true, Json::error_handler_t::replace);
}

bool IsUtf8(absl::string_view text) {
  const bool is_ascii =
      std::all_of(text.begin(), text.end(), [](char byte) { return (byte & 0x80) == 0; });
  if (is_ascii) return true;
  // What is not UTF-8 is replaced, and so does not come back.
  const std::string json =
      Json(std::string(text)).dump(-1, ' ', true, Json::error_handler_t::ignore);
  return Json::parse(json).get<std::string>() == text;
}

bool HasControlCharacters(absl::string_view text) { return Printable(text).size() != text.size(); }

// A regular expression, of Python's, that matches `text` alone.
std::string AsExpression(absl::string_view text) {
  std::string expression = "^";
  for (const char byte : text) {
    if (absl::ascii_iscntrl(byte)) {
      absl::StrAppendFormat(&expression, "\\x%02x", static_cast<unsigned char>(byte));
      continue;
    }
    // Of ASCII, letters, digits, "_", "/", ":" mean nothing there; other bytes are parts of
    // letters.
    const bool is_plain = absl::ascii_isalnum(byte) || (byte & 0x80) != 0 ||
                          absl::StrContains("_/:", absl::string_view(&byte, 1));
    absl::StrAppend(&expression, is_plain ? "" : "\\", absl::string_view(&byte, 1));
  }
  return expression + "$";
}

// As fnmatch takes it for itself.
std::string AsFnmatch(absl::string_view text) {
  std::string pattern;
  for (const char byte : text) {
    const bool is_special = byte == '*' || byte == '?' || byte == '[';
    absl::StrAppend(&pattern, is_special ? "[" : "", absl::string_view(&byte, 1),
                    is_special ? "]" : "");
  }
  return pattern;
}

std::string JsonArray(const std::vector<std::string>& names) {
  return absl::StrCat(
      "[",
      absl::StrJoin(names, ", ",
                    [](std::string* out, const auto& name) { out->append(JsonText(name)); }),
      "]\n");
}

std::string Lines(const std::vector<std::string>& names) {
  std::string lines;
  for (const std::string& name : names) absl::StrAppend(&lines, name, "\n");
  return lines;
}

absl::Status Refuse(size_t count, absl::string_view what, absl::string_view first) {
  if (count == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(count, " ", what, ", the first: ", JsonText(first)));
}

// The names of `names` for which `is_bad` holds.
template <typename Names, typename IsBad>
absl::Status RefuseWhere(const Names& names, absl::string_view what, const IsBad& is_bad) {
  size_t count = 0;
  absl::string_view first;
  for (absl::string_view name : names) {
    if (!is_bad(name)) continue;
    if (count++ == 0) first = name;
  }
  return Refuse(count, what, first);
}

class ExcludeList {
 public:
  ExcludeList(ExcludeTarget target, const NamesOfNodes& names) : target_(target), names_(names) {
    for (absl::string_view name : names.selected) {
      if (seen_.insert(name).second) distinct_.push_back(name);
    }
  }

  absl::Status Check() const {
    size_t unnamed = 0;
    for (absl::string_view name : names_.selected) unnamed += name.empty() ? 1 : 0;
    if (unnamed > 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(unnamed, " of ", names_.selected.size(), " selected nodes have no name"));
    }
    MX_RETURN_IF_ERROR(CheckCharacters());
    MX_RETURN_IF_ERROR(
        RefuseWhere(names_.others, "nodes that are not selected have the name of one",
                    [this](absl::string_view name) { return seen_.contains(name); }));
    return target_ == ExcludeTarget::kPlacement ? CheckSubstrings() : absl::OkStatus();
  }

  std::string Render(absl::string_view device) const {
    switch (target_) {
      case ExcludeTarget::kOrt:
        return JsonArray(Written([](absl::string_view name) { return std::string(name); }));
      case ExcludeTarget::kOlive:
        return JsonArray(Written(AsFnmatch));
      case ExcludeTarget::kModelopt:
      case ExcludeTarget::kInc:
        return Lines(Written(AsExpression));
      case ExcludeTarget::kGenai:
        return absl::StrJoin(distinct_, ",") + "\n";
      case ExcludeTarget::kPlacement:
        return absl::StrCat(device, "(", absl::StrJoin(distinct_, ","), ")\n");
    }
    return "";
  }

 private:
  template <typename Write>
  std::vector<std::string> Written(const Write& write) const {
    std::vector<std::string> written;
    for (absl::string_view name : distinct_) written.push_back(write(name));
    return written;
  }

  absl::Status CheckCharacters() const {
    MX_RETURN_IF_ERROR(RefuseWhere(distinct_, "names are not UTF-8",
                                   [](absl::string_view name) { return !IsUtf8(name); }));
    if (target_ == ExcludeTarget::kGenai) {
      return RefuseWhere(distinct_,
                         "names have a comma or a control character, which the list cannot have",
                         [](absl::string_view name) {
                           return absl::StrContains(name, ',') || HasControlCharacters(name);
                         });
    }
    if (target_ == ExcludeTarget::kPlacement) {
      return RefuseWhere(
          distinct_,
          "names have a character of \",;()=\", a space at an end or a control character, "
          "which the setting cannot have",
          [](absl::string_view name) {
            return name.find_first_of(",;()=") != absl::string_view::npos ||
                   absl::StripAsciiWhitespace(name) != name || HasControlCharacters(name);
          });
    }
    return absl::OkStatus();
  }

  absl::Status CheckSubstrings() const {
    const SubstringFinder finder(distinct_);
    return RefuseWhere(names_.others, "nodes that are not selected have a name that contains one",
                       [&](absl::string_view name) { return finder.IsAnyIn(name); });
  }

  const ExcludeTarget target_;
  const NamesOfNodes& names_;
  absl::flat_hash_set<absl::string_view> seen_;
  std::vector<absl::string_view> distinct_;
};

}  // namespace

absl::StatusOr<std::string> RenderExcludeList(ExcludeTarget target, const NamesOfNodes& names,
                                              absl::string_view device) {
  const ExcludeList list(target, names);
  MX_RETURN_IF_ERROR(list.Check());
  return list.Render(device);
}

std::string LineOf(absl::string_view name) {
  const bool is_plain =
      !name.empty() && name[0] != '"' && !HasControlCharacters(name) && IsUtf8(name);
  return is_plain ? std::string(name) : JsonText(name);
}

}  // namespace modelexport
