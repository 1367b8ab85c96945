#include "modelexport/evidence/tensors/quantization.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "modelexport/onnx/attributes.h"

namespace modelexport {
namespace {

constexpr int kScaleOfProduct = -1;

// Positions in an operator's inputs.
struct QuantizedOperand {
  absl::string_view op_type;
  int data, scale, zero_point;
  int axis;
};

constexpr QuantizedOperand kOperands[] = {
    {"DequantizeLinear", 0, 1, 2, 1},
    {"QLinearConv", 3, 4, 5, 0},
    {"QLinearMatMul", 3, 4, 5, -1},
    {"QLinearMatMul", 0, 1, 2, -2},
    {"ConvInteger", 1, kScaleOfProduct, 3, 0},
    {"MatMulInteger", 1, kScaleOfProduct, 3, -1},
    // Of onnxruntime, com.microsoft.
    {"QGemm", 3, 4, 5, -1},
    {"QAttention", 1, 4, 7, -1},
    {"DynamicQuantizeMatMul", 1, 2, 3, -1},
    {"MatMulIntegerToFloat", 1, 3, 5, -1},
    {"DynamicQuantizeLSTM", 1, 8, 9, 0},
    {"DynamicQuantizeLSTM", 2, 10, 11, 0},
};

constexpr absl::string_view kMovers[] = {"Gather",  "Transpose", "Reshape", "Flatten",
                                         "Squeeze", "Unsqueeze", "Slice",   "Identity"};

ValueId InputAt(const GraphView& graph, NodeId node, int position) {
  const absl::Span<const ValueId> inputs = graph.inputs(node);
  if (position < 0 || static_cast<size_t>(position) >= inputs.size()) return ValueId();
  return inputs[position];
}

NodeId OnlyConsumer(const GraphView& graph, NodeId node) {
  const absl::Span<const ValueId> outputs = graph.outputs(node);
  if (outputs.empty() || !outputs[0].valid()) return NodeId();
  const absl::Span<const NodeId> consumers = graph.consumers(outputs[0]);
  return consumers.size() == 1 ? consumers[0] : NodeId();
}

bool IsInitializer(const GraphView& graph, ValueId value) {
  return value.valid() && graph.value(value).tensor != Value::kNoTensor;
}

// Behind an integer product: Cast, Mul by Mul(scale of the one side, scale of the other). The one
// of the two that the file stores is the weight's.
ValueId ScaleBehind(const GraphView& graph, NodeId product) {
  NodeId node = OnlyConsumer(graph, product);
  if (node.valid() && graph.op_type(node) == "Cast") node = OnlyConsumer(graph, node);
  if (!node.valid() || graph.op_type(node) != "Mul") return ValueId();
  for (ValueId factor : graph.inputs(node)) {
    if (!factor.valid()) continue;
    if (IsInitializer(graph, factor)) return factor;
    const NodeId scales = graph.value(factor).producer;
    if (!scales.valid() || graph.op_type(scales) != "Mul") continue;
    for (ValueId scale : graph.inputs(scales)) {
      if (IsInitializer(graph, scale)) return scale;
    }
  }
  return ValueId();
}

int AxisOf(const GraphView& graph, NodeId node, const QuantizedOperand& operand) {
  const std::vector<double> axis = AttributeNumbers(graph.index(), node, "axis");
  constexpr double kMostAxes = 64;
  // Asked so that NaN is none.
  const bool is_axis = axis.size() == 1 && axis[0] >= -kMostAxes && axis[0] <= kMostAxes;
  return is_axis ? static_cast<int>(axis[0]) : operand.axis;
}

// What those that read `value` themselves say.
absl::optional<Quantization> FromReaders(const GraphView& graph, ValueId value) {
  for (NodeId node : graph.consumers(value)) {
    for (const QuantizedOperand& operand : kOperands) {
      if (graph.op_type(node) != operand.op_type) continue;
      if (InputAt(graph, node, operand.data) != value) continue;
      Quantization found;
      found.scale = operand.scale == kScaleOfProduct ? ScaleBehind(graph, node)
                                                     : InputAt(graph, node, operand.scale);
      found.zero_point = InputAt(graph, node, operand.zero_point);
      found.axis = AxisOf(graph, node, operand);
      if (found.scale.valid()) return found;
    }
  }
  return absl::nullopt;
}

// What the first operator makes that moves elements of `value`; invalid if there is none.
ValueId Moved(const GraphView& graph, ValueId value) {
  for (NodeId node : graph.consumers(value)) {
    const auto op_type = graph.op_type(node);
    const bool moves =
        std::find(std::begin(kMovers), std::end(kMovers), op_type) != std::end(kMovers);
    if (moves && graph.inputs(node)[0] == value && !graph.outputs(node).empty()) {
      return graph.outputs(node)[0];
    }
  }
  return ValueId();
}

}  // namespace

absl::optional<Quantization> QuantizationOf(const GraphView& graph, ValueId value) {
  constexpr int kMostMoves = 4;
  for (int moves = 0; moves <= kMostMoves && value.valid(); ++moves) {
    absl::optional<Quantization> found = FromReaders(graph, value);
    if (found.has_value()) {
      found->moved = moves > 0;
      return found;
    }
    value = Moved(graph, value);
  }
  return absl::nullopt;
}

}  // namespace modelexport
