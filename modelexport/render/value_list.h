// Names of values as other tools take them (docs/commands/tap.md#lists).
#ifndef MODELEXPORT_RENDER_VALUE_LIST_H_
#define MODELEXPORT_RENDER_VALUE_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace modelexport {

enum class ValueTarget : uint8_t {
  kNames,       // LineOf() each (exclude_list.h).
  kPolygraphy,  // --onnx-outputs, --trt-outputs: words of a POSIX shell, on one line.
  kTrtexec,     // --markDebug: between commas, as one word of a POSIX shell.
};

// With a line feed at the end.
//
// An error, kFailedPrecondition, where the tool cannot be given a name: it has control characters;
// of kPolygraphy it begins with "-", of kTrtexec it has a comma. It names the first.
absl::StatusOr<std::string> RenderValueList(ValueTarget target,
                                            const std::vector<std::string>& names);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_VALUE_LIST_H_
