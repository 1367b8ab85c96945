#include "modelexport/costs/value_shapes.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/edits/light_inference.h"
#include "modelexport/graph/graphs_around.h"
#include "modelexport/graph/value_types.h"

namespace modelexport {
namespace {

// Whether everything is known of a tensor. Of others nothing is asked.
bool IsComplete(const ValueType& type) {
  if (type.kind != ValueType::Kind::kTensor) return type.kind != ValueType::Kind::kUnknown;
  return type.data_type != 0 && type.shape.has_value() &&
         std::all_of(type.shape->begin(), type.shape->end(),
                     [](const Dimension& dim) { return dim.value.has_value(); });
}

}  // namespace

class ValueShapeReader {
 public:
  ValueShapeReader(const GraphView& graph, const Declarations& declared,
                   const ShapeSources& sources)
      : graph_(graph), declared_(declared), sources_(sources) {
    for (size_t g = 0; g < graph.index().graphs().size(); ++g) {
      const GraphId root = RootOf(graph.index(), GraphId(g));
      in_function_.push_back(graph.index().graph(root).kind == GraphRecord::Kind::kFunction);
    }
  }

  absl::StatusOr<ValueShapes> Run() {
    MX_RETURN_IF_ERROR(TakeDeclared());
    if (sources_.inference && LacksTypes()) MX_RETURN_IF_ERROR(TakeInferred());
    return std::move(shapes_);
  }

 private:
  absl::Status TakeDeclared() {
    MX_ASSIGN_OR_RETURN(const ValueTypes types, ValueTypes::Read(graph_, declared_));
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      ValueType type = types.type(ValueId(v));
      const Value& value = graph_.values()[v];
      if (value.is_graph_input && value.graph == kMainGraph) AddInputDims(type);
      BindDims(sources_.dims, &type);
      shapes_.types_.push_back(std::move(type));
    }
    return absl::OkStatus();
  }

  void AddInputDims(const ValueType& type) {
    if (!type.shape.has_value()) return;
    for (const Dimension& dim : *type.shape) {
      if (dim.symbol.empty() || !input_dims_.insert(dim.symbol).second) continue;
      shapes_.input_dims_.push_back(dim.symbol);
    }
  }

  // Inference says nothing of what is in functions: it depends on who calls them.
  bool LacksType(size_t v) const {
    const Value& value = graph_.values()[v];
    return value.producer.valid() && !in_function_[value.graph.index()] &&
           !IsComplete(shapes_.types_[v]);
  }

  bool LacksTypes() const {
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      if (LacksType(v)) return true;
    }
    return false;
  }

  absl::Status TakeInferred() {
    const absl::StatusOr<std::vector<InferredType>> inferred =
        InferTypes(graph_, declared_, sources_.inference, sources_.dims);
    if (absl::IsFailedPrecondition(inferred.status())) {
      shapes_.notes_.push_back(
          absl::StrCat("shapes could not be inferred: ", inferred.status().message()));
      return absl::OkStatus();
    }
    MX_RETURN_IF_ERROR(inferred.status());
    absl::flat_hash_map<absl::string_view, const std::string*> by_name;
    for (const InferredType& each : *inferred) by_name.emplace(each.value, &each.type);
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      if (!LacksType(v)) continue;
      const auto found = by_name.find(graph_.name(ValueId(v)));
      if (found == by_name.end()) continue;
      const auto source = BytesInMemory(*found->second, "an inferred type");
      MX_ASSIGN_OR_RETURN(shapes_.types_[v],
                          ReadValueType(*source, Range{0, found->second->size()}));
    }
    return absl::OkStatus();
  }

  const GraphView& graph_;
  const Declarations& declared_;
  const ShapeSources& sources_;
  std::vector<bool> in_function_;  // By graph.
  absl::flat_hash_set<std::string> input_dims_;
  ValueShapes shapes_;
};

absl::StatusOr<ValueShapes> ValueShapes::Read(const GraphView& graph, const Declarations& declared,
                                              const ShapeSources& sources) {
  return ValueShapeReader(graph, declared, sources).Run();
}

}  // namespace modelexport
