// Text that is a number, as the names of a list's elements are: "layers.0".
#ifndef MODELEXPORT_BASE_NUMBER_TEXT_H_
#define MODELEXPORT_BASE_NUMBER_TEXT_H_

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// Whether `text` is of decimal digits alone, at least one.
inline bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_NUMBER_TEXT_H_
