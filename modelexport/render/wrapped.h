// Paragraphs filled to a width, as help shows them.
#ifndef MODELEXPORT_RENDER_WRAPPED_H_
#define MODELEXPORT_RENDER_WRAPPED_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace modelexport {

// The words of each paragraph of `text` in lines of at most `width` bytes, `indent` spaces before
// them among these; a word that is longer has a line of its own. Blank lines part paragraphs. Each
// line ends in a line feed.
std::string Wrapped(absl::string_view text, size_t width, size_t indent = 0);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_WRAPPED_H_
