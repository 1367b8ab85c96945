#ifndef MODELEXPORT_BASE_QUOTED_H_
#define MODELEXPORT_BASE_QUOTED_H_

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// `text` as messages show what a file says: in double quotes, with control characters, quotes and
// backslashes escaped as in C. Bytes that are not ASCII stay, so that names in UTF-8 can be read.
inline std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::Utf8SafeCHexEscape(text), "\"");
}

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_QUOTED_H_
