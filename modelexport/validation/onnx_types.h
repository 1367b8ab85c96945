// The shape inference that comes with onnx, as a TypeInference:
//
//   request.inference = OnnxTypes;
//
// A program that links this builds onnx.
#ifndef MODELEXPORT_VALIDATION_ONNX_TYPES_H_
#define MODELEXPORT_VALIDATION_ONNX_TYPES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/type_inference.h"

namespace modelexport {

// What InferModelShapes() (shapes/onnx_inference.h) finds. A node that it cannot judge ends
// nothing. Holds the model in memory, twice. kFailedPrecondition with onnx's reason where it gives
// up, and for files of 2 GiB and more, which protobuf cannot read.
absl::StatusOr<std::vector<InferredType>> OnnxTypes(const ByteSource& model);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_ONNX_TYPES_H_
