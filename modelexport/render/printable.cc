#include "modelexport/render/printable.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

// U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069: as the second and third byte of their UTF-8,
// of which the first is 0xe2.
bool TurnsText(unsigned char second, unsigned char third) {
  if (second == 0x81) return third >= 0xa6 && third <= 0xa9;
  return second == 0x80 && (third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae));
}

}  // namespace

std::string Printable(absl::string_view text, LineFeeds line_feeds) {
  std::string shown;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char byte = text[i];
    const unsigned char next = i + 1 < text.size() ? text[i + 1] : 0;
    const unsigned char last = i + 2 < text.size() ? text[i + 2] : 0;
    if (byte == '\n' && line_feeds == LineFeeds::kKept) {
      shown += '\n';
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppend(&shown, absl::CHexEscape(text.substr(i, 1)));
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // U+0080 to U+009F in UTF-8.
      absl::StrAppend(&shown, absl::CHexEscape(text.substr(i++, 2)));
    } else if (byte == 0xe2 && TurnsText(next, last)) {
      absl::StrAppendFormat(&shown, "\\u20%02x", (next & 1) << 6 | (last & 0x3f));
      i += 2;
    } else {
      shown += text[i];
    }
  }
  return shown;
}

std::string ValidUtf8(absl::string_view text) {
  using Json = nlohmann::json;
  const auto is_ascii = [](unsigned char byte) { return byte < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return std::string(text);
  const std::string json =
      Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(json).get<std::string>();
}

}  // namespace modelexport
