#ifndef MODELEXPORT_BASE_ONE_LINE_H_
#define MODELEXPORT_BASE_ONE_LINE_H_

#include <string>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// `text` with one space for each run of spaces and ends of lines, and none at either end.
inline std::string OneLine(absl::string_view text) {
  return absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty()), " ");
}

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_ONE_LINE_H_
