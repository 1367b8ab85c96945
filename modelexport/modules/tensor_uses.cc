#include "modelexport/modules/tensor_uses.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/group_by_row.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/onnx/element_type.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {
namespace {

// TensorProto.DataType of onnx 1.20 that ElementTypeOf() has not, as their elements are no numbers
// or nobody had to read them.
enum : int32_t {
  kString = 8,
  kComplex64 = 14,
  kComplex128 = 15,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUint2 = 25,
  kInt2 = 26,
};

absl::optional<uint32_t> BitsOf(int32_t data_type) {
  if (const ElementType* type = ElementTypeOf(data_type)) return type->bits;
  switch (data_type) {
    case kComplex64:
      return 64;
    case kComplex128:
      return 128;
    case kFloat4E2M1:
      return 4;
    case kFloat8E8M0:
      return 8;
    case kUint2:
    case kInt2:
      return 2;
    default:
      return absl::nullopt;
  }
}

class UseFinder {
 public:
  explicit UseFinder(const GraphView& graph)
      : graph_(graph), read_as_form_(graph.index().tensors().size()) {
    for (size_t t = 0; t < graph.index().tensors().size(); ++t) {
      const TensorRecord& tensor = graph.index().tensors()[t];
      const bool is_attribute = tensor.role == TensorRecord::Role::kAttribute;
      if (is_attribute && graph.op_type(tensor.node) == "Constant") {
        of_constant_.emplace(tensor.node, static_cast<uint32_t>(t));
      }
    }
  }

  TensorUses Run() {
    for (size_t n = 0; n < graph_.num_nodes(); ++n) AddReads(NodeId(n));
    const Rows<NodeId> by_tensor = GroupByRow(reads_, read_as_form_.size());
    TensorUses uses;
    for (uint32_t t = 0; t < read_as_form_.size(); ++t) {
      if (by_tensor[t].empty() && (read_as_form_[t] || !MayBeRead(t))) continue;
      uses.tensors.push_back(t);
      for (NodeId reader : by_tensor[t]) uses.readers.Append(reader);
      uses.readers.EndRow();
    }
    return uses;
  }

 private:
  void AddReads(NodeId node) {
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i].valid()) continue;
      const uint32_t tensor = TensorOf(graph_.value(inputs[i]));
      if (tensor == Value::kNoTensor) continue;
      if (IsFormOperand(graph_.op_type(node), i)) {
        read_as_form_[tensor] = true;
      } else {
        reads_.emplace_back(tensor, node);
      }
    }
  }

  uint32_t TensorOf(const Value& value) const {
    if (!value.producer.valid()) return value.tensor;
    const auto constant = of_constant_.find(value.producer);
    return constant == of_constant_.end() ? Value::kNoTensor : constant->second;
  }

  // Whether the tensor is stored for readers: not one that configures a node.
  bool MayBeRead(uint32_t t) const {
    return graph_.index().tensors()[t].role != TensorRecord::Role::kAttribute;
  }

  const GraphView& graph_;
  absl::flat_hash_map<NodeId, uint32_t> of_constant_;
  std::vector<std::pair<uint32_t, NodeId>> reads_;
  std::vector<bool> read_as_form_;  // By tensor.
};

}  // namespace

TensorUses FindTensorUses(const GraphView& graph) { return UseFinder(graph).Run(); }

absl::optional<uint64_t> StoredBytes(const ModelIndex& index, const TensorRecord& tensor) {
  if (tensor.data_type == kString) return tensor.range.size();
  const absl::optional<uint64_t> elements = NumElements(index, tensor);
  const absl::optional<uint32_t> bits = BitsOf(tensor.data_type);
  if (!elements.has_value() || !bits.has_value()) return absl::nullopt;
  return (*elements * *bits + 7) / 8;
}

}  // namespace modelexport
