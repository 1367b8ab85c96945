// How the operators that read a quantized tensor say what its numbers stand for.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_QUANTIZATION_H_
#define MODELEXPORT_EVIDENCE_TENSORS_QUANTIZATION_H_

#include "absl/types/optional.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// An element stands for scale * (element - zero_point).
struct Quantization {
  ValueId scale;
  ValueId zero_point;  // Invalid: 0.
  // Where `scale` has one number for each index along an axis: that axis, negative from the back.
  int axis = 0;
  // Whether the tensor was rearranged on the way to who says it: `axis` is another one then.
  bool moved = false;
};

// What the first operator that reads `value` as a quantized tensor says: DequantizeLinear, those of
// ONNX and onnxruntime that compute on quantized weights, and MatMulInteger and ConvInteger, whose
// result is multiplied by the scales of both sides. Between, operators may move elements, as Gather
// and Transpose do. Absent if none says.
absl::optional<Quantization> QuantizationOf(const GraphView& graph, ValueId value);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_QUANTIZATION_H_
