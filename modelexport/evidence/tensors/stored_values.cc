#include "modelexport/evidence/tensors/stored_values.h"

#include <utility>

#include "modelexport/onnx/attributes.h"
#include "modelexport/onnx/element_type.h"

namespace modelexport {
namespace {

// The attributes of Constant that hold numbers without a tensor, and what they make.
struct ConstantAttribute {
  absl::string_view name;
  int32_t data_type;
  bool is_list;
};
constexpr ConstantAttribute kConstantAttributes[] = {
    {"value_float", data_type::kFloat, false},
    {"value_floats", data_type::kFloat, true},
    {"value_int", data_type::kInt64, false},
    {"value_ints", data_type::kInt64, true},
};

constexpr uint32_t kMostDims = 32;

constexpr uint32_t kSeveral = Value::kNoTensor - 1;

}  // namespace

StoredValues::StoredValues(const GraphView& graph, DataFolder folder,
                           const std::atomic<bool>* cancelled)
    : graph_(graph),
      folder_(std::move(folder)),
      cancelled_(cancelled),
      constant_tensors_(graph.num_nodes(), Value::kNoTensor) {
  const std::vector<TensorRecord>& tensors = graph.index().tensors();
  for (size_t t = 0; t < tensors.size(); ++t) {
    if (!tensors[t].node.valid() || graph.op_type(tensors[t].node) != "Constant") continue;
    // A sparse value has two tensors, and is left alone.
    uint32_t& slot = constant_tensors_[tensors[t].node.index()];
    slot = slot == Value::kNoTensor ? static_cast<uint32_t>(t) : kSeveral;
  }
}

absl::optional<StoredValue> StoredValues::Find(ValueId id) const {
  const Value& value = graph_.value(id);
  if (value.tensor != Value::kNoTensor) return OfTensor(graph_.index().tensors()[value.tensor]);
  if (!value.producer.valid() || graph_.op_type(value.producer) != "Constant") {
    return absl::nullopt;
  }
  return FindConstant(value.producer);
}

absl::optional<StoredValue> StoredValues::FindConstant(NodeId node) const {
  const uint32_t tensor = constant_tensors_[node.index()];
  if (tensor == kSeveral) return absl::nullopt;
  if (tensor != Value::kNoTensor) return OfTensor(graph_.index().tensors()[tensor]);
  for (const ConstantAttribute& attribute : kConstantAttributes) {
    StoredValue stored;
    stored.numbers = AttributeNumbers(graph_.index(), node, attribute.name);
    if (stored.numbers.empty()) continue;
    stored.data_type = attribute.data_type;
    stored.count = stored.numbers.size();
    if (attribute.is_list) stored.dims.push_back(static_cast<int64_t>(stored.count));
    return stored;
  }
  return absl::nullopt;
}

absl::optional<StoredValue> StoredValues::OfTensor(const TensorRecord& tensor) const {
  const absl::optional<uint64_t> count = NumElements(graph_.index(), tensor);
  if (tensor.role == TensorRecord::Role::kSparseInitializer || tensor.num_dims > kMostDims ||
      !count.has_value()) {
    return absl::nullopt;
  }
  StoredValue stored;
  stored.data_type = tensor.data_type;
  const absl::Span<const int64_t> dims = graph_.index().dims(tensor);
  stored.dims.assign(dims.begin(), dims.end());
  stored.count = *count;
  stored.tensor = &tensor;
  return stored;
}

absl::Status StoredValues::Read(const StoredValue& value,
                                absl::FunctionRef<void(absl::Span<const double>)> visit) const {
  if (value.tensor != nullptr) {
    return ReadElements(graph_.index(), *value.tensor, folder_, visit, cancelled_);
  }
  visit(value.numbers);
  return absl::OkStatus();
}

}  // namespace modelexport
