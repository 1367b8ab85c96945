// Facts about ONNX operators that this program needs.
#ifndef MODELEXPORT_GRAPH_OPERATOR_FACTS_H_
#define MODELEXPORT_GRAPH_OPERATOR_FACTS_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace modelexport {

// Whether the input at `position` (from 0) only says what form the result has (a shape, axes,
// sizes, a count), as the second input of Reshape does. Source: onnx/docs/Operators.md, opset 26.
bool IsFormOperand(absl::string_view op_type, size_t position);

// Whether the operator, if all its inputs are forms, computes with the numbers of a form. In
// exports with dynamic sizes, such operators come after Shape.
bool ComputesForms(absl::string_view op_type);

// Whether the operator hands on its first input in another form or type, so that the result holds
// the same tensor.
bool ChangesFormAlone(absl::string_view op_type);

// What onnxruntime's quantizer appends to the name of an initializer that it replaces.
inline constexpr absl::string_view kQuantizedSuffix = "_quantized";

// QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear: no source model has them.
bool IsQuantization(absl::string_view op_type);

// QuantizeLinear and DequantizeLinear alone, which come in pairs around a quantized value. The
// counterpart of a DynamicQuantizeLinear is within another operator.
bool IsLinearQuantization(absl::string_view op_type);

// ReorderInput and ReorderOutput, which ONNX Runtime writes where its blocked layout of channels
// (NCHWc) begins and ends: no source model has them.
bool IsReorder(absl::string_view op_type);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_OPERATOR_FACTS_H_
