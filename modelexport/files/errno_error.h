// Errors of system calls.
#ifndef MODELEXPORT_FILES_ERRNO_ERROR_H_
#define MODELEXPORT_FILES_ERRNO_ERROR_H_

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// "<path>: <action>: " and what errno says, as "model.onnx: cannot open: No such file or
// directory". For the call that has just failed.
inline absl::Status ErrnoError(absl::string_view path, absl::string_view action) {
  const int error = errno;  // Which making the message may change.
  return absl::ErrnoToStatus(error, absl::StrCat(path, ": ", action));
}

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_ERRNO_ERROR_H_
