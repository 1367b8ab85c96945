// Text as terminals and pages may be shown it: names in a model can hold control characters.
#ifndef MODELEXPORT_RENDER_PRINTABLE_H_
#define MODELEXPORT_RENDER_PRINTABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace modelexport {

// Whether line feeds stay: they do in texts that have lines of their own.
enum class LineFeeds { kEscaped, kKept };

// Returns `text` with its control characters (U+0000 to U+001F, U+007F to U+009F in UTF-8) written
// as C escapes, such as \n and \x1b, and what separates lines or turns the direction of text
// (U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069) as \u202e. All other bytes stay, whether or
// not they are UTF-8.
std::string Printable(absl::string_view text, LineFeeds line_feeds = LineFeeds::kEscaped);

// Returns `text` with U+FFFD for what is not UTF-8.
std::string ValidUtf8(absl::string_view text);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_PRINTABLE_H_
