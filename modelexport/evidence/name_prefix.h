// What a tool has put before all names of a file, as onnx.compose does: "m1_" of "m1_/stem/Conv".
#ifndef MODELEXPORT_EVIDENCE_NAME_PREFIX_H_
#define MODELEXPORT_EVIDENCE_NAME_PREFIX_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// The prefix without which most of a sample of `names` are `known`; "" if most of those that are
// known are so as they are, or if fewer than two are. At most 64 bytes.
std::string FindNamePrefix(absl::Span<const absl::string_view> names,
                           absl::FunctionRef<bool(absl::string_view)> known);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAME_PREFIX_H_
