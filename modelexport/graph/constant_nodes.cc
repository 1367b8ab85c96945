#include "modelexport/graph/constant_nodes.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"

namespace modelexport {
namespace {

bool IsRandom(absl::string_view op_type) {
  return absl::StartsWith(op_type, "Random") || op_type == "Multinomial" || op_type == "Bernoulli";
}

// Follows what depends on an input. Each node is reached once.
class DependencySearch {
 public:
  explicit DependencySearch(const GraphView& graph)
      : graph_(graph), constant_(graph.num_nodes(), true) {}

  std::vector<bool> Run() {
    IndexInputsOfBodies();
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      if (IsGiven(graph_.values()[v])) Follow(ValueId(v));
    }
    for (size_t n = 0; n < graph_.num_nodes(); ++n) {
      if (IsRandom(graph_.op_type(NodeId(n)))) Reach(NodeId(n));
    }
    while (!open_.empty()) {
      const NodeId node = open_.back();
      open_.pop_back();
      FollowFrom(node);
    }
    return constant_;
  }

 private:
  bool IsBody(GraphId graph) const {
    return graph_.index().graph(graph).kind == GraphRecord::Kind::kBody;
  }

  // The inputs of a body are what its node hands it.
  bool IsGiven(const Value& value) const {
    if (value.producer.valid() || value.tensor != Value::kNoTensor) return false;
    return !value.is_graph_input || !IsBody(value.graph);
  }

  void IndexInputsOfBodies() {
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      const Value& value = graph_.values()[v];
      if (value.is_graph_input && IsBody(value.graph)) {
        inputs_of_bodies_[value.graph].push_back(ValueId(v));
      }
    }
  }

  void FollowFrom(NodeId node) {
    for (ValueId output : graph_.outputs(node)) {
      if (output.valid()) Follow(output);
    }
    for (const GraphRecord& body : graph_.index().bodies(node)) {
      for (ValueId input : inputs_of_bodies_[graph_.index().id_of(body)]) Follow(input);
    }
    const NodeId holder = graph_.index().graph(graph_.index().graph_of(node)).parent;
    if (holder.valid()) Reach(holder);
  }

  void Follow(ValueId value) {
    for (NodeId reader : graph_.consumers(value)) Reach(reader);
  }

  void Reach(NodeId node) {
    if (!constant_[node.index()]) return;
    constant_[node.index()] = false;
    open_.push_back(node);
  }

  const GraphView& graph_;
  absl::flat_hash_map<GraphId, std::vector<ValueId>> inputs_of_bodies_;
  std::vector<bool> constant_;
  std::vector<NodeId> open_;
};

}  // namespace

std::vector<bool> FindConstantNodes(const GraphView& graph) {
  return DependencySearch(graph).Run();
}

}  // namespace modelexport
