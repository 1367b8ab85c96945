// Text as a terminal may be shown it: names in a model can hold control characters.
#ifndef MODELEXPORT_RENDER_PRINTABLE_H_
#define MODELEXPORT_RENDER_PRINTABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace modelexport {

// Whether line feeds stay: they do in texts that have lines of their own.
enum class LineFeeds { kEscaped, kKept };

// Returns `text` with its control characters (U+0000 to U+001F, U+007F to U+009F in UTF-8) written
// as C escapes, such as \n and \x1b. All other bytes stay, whether or not they are UTF-8.
std::string Printable(absl::string_view text, LineFeeds line_feeds = LineFeeds::kEscaped);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_PRINTABLE_H_
