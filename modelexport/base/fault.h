// Whose fault an error is. It decides the exit code of the commands (docs/cli.md).
//
// An absl::Status carries its fault as a payload. Callers that add to the message use Annotate() or
// AddHint(), which keep it.
#ifndef MODELEXPORT_BASE_FAULT_H_
#define MODELEXPORT_BASE_FAULT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace modelexport {

enum class Fault {
  kInput,   // An input is missing, unreadable or malformed. The fault of a status without payload.
  kUsage,   // The call itself is wrong: a flag, or a combination of flags.
  kJudged,  // The model was judged and failed.
  kOutput,  // The output could not be written.
};

// `status` with `fault` attached. An OK status and one that has a fault already stay as they are.
absl::Status WithFault(absl::Status status, Fault fault);

// The fault attached to `status`, Fault::kInput by default.
Fault FaultOf(const absl::Status& status);

// `status` with "<context>: " before its message; code and payloads stay. OK stays OK.
absl::Status Annotate(const absl::Status& status, absl::string_view context);

// `status` with "; <hint>" after its message; code and payloads stay. OK stays OK.
absl::Status AddHint(const absl::Status& status, absl::string_view hint);

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_FAULT_H_
