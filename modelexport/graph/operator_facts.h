// What the ONNX operator set says of operators, where this program needs it.
#ifndef MODELEXPORT_GRAPH_OPERATOR_FACTS_H_
#define MODELEXPORT_GRAPH_OPERATOR_FACTS_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace modelexport {

// Whether the input at `position` only says what form the result has (a shape, axes, sizes, a
// count), as the second of Reshape. Source: onnx/docs/Operators.md, opset 26.
bool IsFormOperand(absl::string_view op_type, size_t position);

// Whether the operator computes with the numbers of a form when it is given forms alone: what
// follows Shape in the exports of dynamic sizes.
bool ComputesForms(absl::string_view op_type);

// Whether the operator hands on its first input in another form or type: what it holds stays the
// same tensor.
bool ChangesFormAlone(absl::string_view op_type);

// What onnxruntime's quantizer appends to the name of an initializer that it replaces.
inline constexpr absl::string_view kQuantizedSuffix = "_quantized";

// QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear: no source model has them.
bool IsQuantization(absl::string_view op_type);

// QuantizeLinear and DequantizeLinear alone, which come in pairs around what is quantized. A
// DynamicQuantizeLinear has its partner within another operator.
bool IsLinearQuantization(absl::string_view op_type);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_OPERATOR_FACTS_H_
