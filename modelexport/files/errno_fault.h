// Errors of system calls.
#ifndef MODELEXPORT_FILES_ERRNO_FAULT_H_
#define MODELEXPORT_FILES_ERRNO_FAULT_H_

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/fault.h"

namespace modelexport {

// "<path>: <action>: " and what errno says, as "model.onnx: cannot open: No such file or
// directory". For the call that has just failed.
inline absl::Status ErrnoFault(absl::string_view path, absl::string_view action, Fault fault) {
  const int error = errno;
  return WithFault(absl::ErrnoToStatus(error, absl::StrCat(path, ": ", action)), fault);
}

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_ERRNO_FAULT_H_
