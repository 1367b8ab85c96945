#include "modelexport/render/printable.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace modelexport {

std::string Printable(absl::string_view text, LineFeeds line_feeds) {
  std::string shown;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char byte = text[i];
    const unsigned char next = i + 1 < text.size() ? text[i + 1] : 0;
    if (byte == '\n' && line_feeds == LineFeeds::kKept) {
      shown += '\n';
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppend(&shown, absl::CHexEscape(text.substr(i, 1)));
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // U+0080 to U+009F in UTF-8.
      absl::StrAppend(&shown, absl::CHexEscape(text.substr(i++, 2)));
    } else {
      shown += text[i];
    }
  }
  return shown;
}

}  // namespace modelexport
