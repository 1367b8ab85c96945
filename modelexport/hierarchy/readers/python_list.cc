#include "modelexport/hierarchy/readers/python_list.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace modelexport {
namespace {

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
    return;
  }
  int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr uint8_t kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out->push_back(static_cast<char>(kLead[more] | code >> (6 * more)));
  while (more-- > 0) out->push_back(static_cast<char>(0x80 | (code >> (6 * more) & 0x3F)));
}

// Reads what follows a backslash, and moves `text` behind it.
bool ReadEscape(absl::string_view* text, std::string* out) {
  if (text->empty()) return false;
  const char kind = text->front();
  text->remove_prefix(1);
  constexpr absl::string_view kPlain = "\\'\"nrt";
  constexpr absl::string_view kMeaning = "\\'\"\n\r\t";
  const size_t plain = kPlain.find(kind);
  if (plain != absl::string_view::npos) {
    out->push_back(kMeaning[plain]);
    return true;
  }
  const size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  const absl::string_view number = text->substr(0, digits);
  uint32_t code;
  // SimpleHexAtoi alone would take "+1" and "0x12" as well.
  if (digits == 0 || number.size() < digits ||
      !std::all_of(number.begin(), number.end(), absl::ascii_isxdigit) ||
      !absl::SimpleHexAtoi(number, &code) || code > 0x10FFFF) {
    return false;
  }
  text->remove_prefix(digits);
  AppendUtf8(code, out);
  return true;
}

bool ReadString(absl::string_view* text, std::string* out) {
  if (text->empty() || (text->front() != '\'' && text->front() != '"')) return false;
  const char quote = text->front();
  text->remove_prefix(1);
  while (!text->empty()) {
    const char c = text->front();
    text->remove_prefix(1);
    if (c == quote) return true;
    if (c != '\\') {
      out->push_back(c);
    } else if (!ReadEscape(text, out)) {
      return false;
    }
  }
  return false;
}

}  // namespace

absl::optional<std::vector<std::string>> ParsePythonStringList(absl::string_view text) {
  std::vector<std::string> list;
  if (!absl::ConsumePrefix(&text, "[")) return absl::nullopt;
  if (text == "]") return list;
  do {
    if (!ReadString(&text, &list.emplace_back())) return absl::nullopt;
  } while (absl::ConsumePrefix(&text, ", "));
  if (text != "]") return absl::nullopt;
  return list;
}

}  // namespace modelexport
