// What a file that cannot be read as a model may be instead.
#ifndef MODELEXPORT_ONNX_FILE_HINT_H_
#define MODELEXPORT_ONNX_FILE_HINT_H_

#include "absl/status/status.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// `error`, which reading `source` gave. If the first bytes are those of another kind of file, or
// begin no ModelProto, the message says so; a damaged model gets no hint. OK stays OK.
absl::Status HintAtFileKind(const absl::Status& error, const ByteSource& source);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_FILE_HINT_H_
