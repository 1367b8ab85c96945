// Text within Markdown and HTML, where nothing of it may be read as markup.
#ifndef MODELEXPORT_RENDER_MARKUP_H_
#define MODELEXPORT_RENDER_MARKUP_H_

#include <string>

#include "absl/strings/string_view.h"

namespace modelexport {

// Both are given what Printable() returns. What is not UTF-8 becomes U+FFFD.

// For one line of GitHub's Markdown, also in a cell of a table; not at its beginning, where "1."
// and
// "#" have a meaning.
std::string MarkdownText(absl::string_view text);

// For the content of an element and for a quoted attribute.
std::string HtmlText(absl::string_view text);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_MARKUP_H_
