#include "modelexport/graph/value_types.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

using Role = ValueRecord::Role;

// The values of a graph by name. One that is read but never made is in the graph that reads it.
using ValuesByName = absl::flat_hash_map<std::pair<GraphId, StringId>, ValueId>;

ValuesByName IndexByName(const GraphView& graph) {
  ValuesByName by_name;
  by_name.reserve(graph.values().size());
  for (size_t v = 0; v < graph.values().size(); ++v) {
    const Value& value = graph.values()[v];
    by_name.emplace(std::make_pair(value.graph, value.name), ValueId(v));
  }
  return by_name;
}

bool IsUnknown(const ValueType& type) { return type.kind == ValueType::Kind::kUnknown; }

}  // namespace

class ValueTypeReader {
 public:
  ValueTypeReader(const GraphView& graph, const Declarations& declared)
      : graph_(graph), declared_(declared), by_name_(IndexByName(graph)) {
    types_.types_.resize(graph.values().size());
    types_.declarations_.resize(graph.values().size());
  }

  absl::StatusOr<ValueTypes> Run() {
    TakeTensors([](const Value& value) { return !value.is_graph_input; });
    for (size_t g = 0; g < graph_.index().graphs().size(); ++g) {
      for (const Role role : {Role::kInput, Role::kOutput, Role::kValueInfo}) {
        MX_RETURN_IF_ERROR(ReadDeclared(GraphId(g), role));
      }
    }
    TakeTensors([](const Value& value) { return value.is_graph_input; });
    return std::move(types_);
  }

 private:
  // For the values without a type that `wanted` picks.
  template <typename Predicate>
  void TakeTensors(Predicate wanted) {
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      const Value& value = graph_.values()[v];
      if (value.tensor == Value::kNoTensor || !wanted(value)) continue;
      const TensorRecord& tensor = graph_.index().tensors()[value.tensor];
      ValueType& type = types_.types_[v];
      if (!IsUnknown(type) || tensor.role != TensorRecord::Role::kInitializer) continue;
      type = TypeOf(graph_.index(), tensor);
    }
  }

  absl::Status ReadDeclared(GraphId graph, Role role) {
    for (const ValueRecord& record : declared_.values(graph)) {
      if (record.role != role || !record.name.valid()) continue;
      const auto found = by_name_.find(std::make_pair(graph, record.name));
      if (found == by_name_.end()) continue;
      ValueType& type = types_.types_[found->second.index()];
      if (!IsUnknown(type)) continue;
      MX_ASSIGN_OR_RETURN(type, ReadValueType(graph_.index().source(), record));
      if (IsUnknown(type)) continue;
      types_.declarations_[found->second.index()] = record.range.content();
    }
    return absl::OkStatus();
  }

  const GraphView& graph_;
  const Declarations& declared_;
  const ValuesByName by_name_;
  ValueTypes types_;
};

absl::StatusOr<ValueTypes> ValueTypes::Read(const GraphView& graph, const Declarations& declared) {
  return ValueTypeReader(graph, declared).Run();
}

ValueType TypeOf(const ModelIndex& index, const TensorRecord& tensor) {
  ValueType type;
  type.kind = ValueType::Kind::kTensor;
  type.data_type = tensor.data_type;
  type.shape.emplace();
  for (const int64_t dim : index.dims(tensor)) type.shape->push_back({dim, ""});
  return type;
}

}  // namespace modelexport
