// Names as runtimes write them that allow identifiers only.
#ifndef MODELEXPORT_EVIDENCE_MANGLE_H_
#define MODELEXPORT_EVIDENCE_MANGLE_H_

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// `name` with "_" for each character that is no letter or digit of ASCII.
inline std::string Mangle(absl::string_view name) {
  std::string mangled(name);
  for (char& c : mangled) {
    if (!absl::ascii_isalnum(c)) c = '_';
  }
  return mangled;
}

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_MANGLE_H_
