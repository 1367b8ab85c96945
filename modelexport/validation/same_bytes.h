#ifndef MODELEXPORT_VALIDATION_SAME_BYTES_H_
#define MODELEXPORT_VALIDATION_SAME_BYTES_H_

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// Whether two ranges have the same bytes, read in blocks.
inline absl::StatusOr<bool> HaveSameBytes(const ByteSource& source, Range range,
                                          const ByteSource& other, Range others) {
  if (range.size() != others.size()) return false;
  constexpr uint64_t kBlock = uint64_t{1} << 20;
  for (uint64_t done = 0; done < range.size(); done += kBlock) {
    const uint64_t size = std::min(kBlock, range.size() - done);
    const Range a = {range.begin + done, range.begin + done + size};
    const Range b = {others.begin + done, others.begin + done + size};
    MX_ASSIGN_OR_RETURN(const std::string bytes, source.ReadString(a));
    MX_ASSIGN_OR_RETURN(const std::string expected, other.ReadString(b));
    if (bytes != expected) return false;
  }
  return true;
}

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SAME_BYTES_H_
