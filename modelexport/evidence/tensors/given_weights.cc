#include "modelexport/evidence/tensors/given_weights.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/evidence/tensors/part_sizes.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {
namespace {

using Shape = std::vector<int64_t>;

// Absent unless every dimension is a number.
absl::optional<Shape> EssenceOf(const ValueType& type) {
  if (type.kind != ValueType::Kind::kTensor || !type.shape.has_value()) return absl::nullopt;
  Shape dims;
  for (const Dimension& dimension : *type.shape) {
    if (!dimension.value.has_value()) return absl::nullopt;
    dims.push_back(*dimension.value);
  }
  return Essence(dims);
}

absl::flat_hash_map<StringId, ValueId> InputsWithoutValues(const GraphView& graph) {
  absl::flat_hash_map<StringId, ValueId> inputs;
  for (size_t v = 0; v < graph.values().size(); ++v) {
    const Value& value = graph.values()[v];
    const bool is_given = value.is_graph_input && value.graph == kMainGraph &&
                          value.tensor == Value::kNoTensor && !value.producer.valid();
    if (is_given) inputs.emplace(value.name, ValueId(v));
  }
  return inputs;
}

}  // namespace

GivenWeights FindGivenWeights(const GraphView& graph, const Hierarchy& hierarchy) {
  absl::flat_hash_map<Shape, size_t> num_of_shape;
  size_t num_tensors = 0;
  for (const Tensor& tensor : hierarchy.tensors()) {
    Shape shape = Essence(tensor.shape);
    if (shape.empty()) continue;
    ++num_of_shape[std::move(shape)];
    ++num_tensors;
  }
  const absl::flat_hash_map<StringId, ValueId> inputs = InputsWithoutValues(graph);
  if (num_tensors == 0 || 2 * inputs.size() < num_tensors) return {};
  const absl::StatusOr<Declarations> declared = Declarations::Read(graph.index());
  if (!declared.ok()) return {};
  GivenWeights given;
  absl::flat_hash_map<Shape, size_t> num_given;
  size_t num_taken = 0;
  for (const ValueRecord& record : declared->values(kMainGraph)) {
    const auto input = inputs.find(record.name);
    if (record.role != ValueRecord::Role::kInput || input == inputs.end()) continue;
    const absl::StatusOr<ValueType> type = ReadValueType(graph.index().source(), record);
    if (!type.ok()) return {};
    absl::optional<Shape> shape = EssenceOf(*type);
    const auto known = shape.has_value() ? num_of_shape.find(*shape) : num_of_shape.end();
    if (known == num_of_shape.end()) continue;
    num_taken += ++num_given[*shape] <= known->second;
    given.emplace(input->second, *std::move(shape));
  }
  return 2 * num_taken >= num_tensors ? given : GivenWeights();
}

}  // namespace modelexport
