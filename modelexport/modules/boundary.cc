#include "modelexport/modules/boundary.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

class BoundaryFinder {
 public:
  BoundaryFinder(const GraphView& graph, absl::Span<const NodeId> nodes)
      : graph_(graph), set_(graph, nodes) {}

  Boundary Run() {
    for (NodeId node : set_.nodes()) {
      for (ValueId input : graph_.inputs(node)) Read(input);
      for (ValueId output : graph_.outputs(node)) Make(output);
    }
    return boundary_;
  }

 private:
  void Read(ValueId id) {
    if (!id.valid() || IsMadeInside(graph_.value(id)) || !seen_.insert(id).second) return;
    const bool is_tensor = graph_.value(id).tensor != Value::kNoTensor;
    (is_tensor ? boundary_.initializers : boundary_.inputs).push_back(id);
  }

  void Make(ValueId id) {
    if (!id.valid() || !IsReadOutside(id) || !seen_.insert(id).second) return;
    boundary_.outputs.push_back(id);
  }

  bool IsMadeInside(const Value& value) const {
    if (value.producer.valid()) return set_.contains(value.producer);
    return IsInside(value.graph);
  }

  // Whether the graph is a body of a node of the set.
  bool IsInside(GraphId graph) const {
    const NodeId holder = graph_.index().graph(graph).parent;
    return holder.valid() && set_.contains(holder);
  }

  bool IsReadOutside(ValueId id) const {
    const Value& value = graph_.value(id);
    if (value.is_graph_output && !IsInside(value.graph)) return true;
    const absl::Span<const NodeId> readers = graph_.consumers(id);
    return std::any_of(readers.begin(), readers.end(),
                       [this](NodeId reader) { return !set_.contains(reader); });
  }

  const GraphView& graph_;
  const NodeSet set_;
  absl::flat_hash_set<ValueId> seen_;
  Boundary boundary_;
};

}  // namespace

Boundary BoundaryOf(const GraphView& graph, absl::Span<const NodeId> nodes) {
  return BoundaryFinder(graph, nodes).Run();
}

std::string ToText(const GraphView& graph, const Boundary& boundary) {
  const auto names = [&](const std::vector<ValueId>& values) {
    return absl::StrJoin(values, ", ", [&](std::string* out, ValueId value) {
      absl::StrAppend(out, graph.name(value));
    });
  };
  return absl::StrCat("in: ", names(boundary.inputs), "\nweights: ", names(boundary.initializers),
                      "\nout: ", names(boundary.outputs), "\n");
}

}  // namespace modelexport
