// Compression as browsers undo it.
#ifndef MODELEXPORT_VIEW_GZIP_H_
#define MODELEXPORT_VIEW_GZIP_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// `bytes` in the format of RFC 1952, without a name or time: the same input gives the same output.
// An error: no memory.
absl::StatusOr<std::string> Gzip(absl::string_view bytes);

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_GZIP_H_
