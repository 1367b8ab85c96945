// Small tensors as ONNX's TensorProto.
#ifndef MODELEXPORT_VALIDATION_SHAPES_SMALL_PROTO_H_
#define MODELEXPORT_VALIDATION_SHAPES_SMALL_PROTO_H_

#include <cstdint>

#include "modelexport/validation/shapes/small_tensor.h"

// onnx/onnx_pb.h declares it.
namespace onnx {
class TensorProto;
}

namespace modelexport {

// A tensor of bool, int32, int64, float or double, which is no larger than a small tensor may be.
// Absent if it is another. May throw what onnx throws at malformed tensors.
SmallResult FromProto(const onnx::TensorProto& tensor);

// Fills the empty `tensor` with `small`, rounded as data type `type` rounds. False if the type is
// none of the above, or cannot hold a number.
bool ToProto(const SmallTensor& small, int32_t type, onnx::TensorProto* tensor);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_SMALL_PROTO_H_
