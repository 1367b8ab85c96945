#include "modelexport/graph/reached_nodes.h"

#include <utility>

namespace modelexport {
namespace {

class Search {
 public:
  explicit Search(const GraphView& graph) : graph_(graph) {}

  ReachedNodes Run(absl::Span<const NodeId> nodes) {
    for (NodeId node : nodes) Reach(node);
    while (!open_.empty()) {
      const NodeId node = open_.back();
      open_.pop_back();
      for (const GraphRecord& body : graph_.index().bodies(node)) ReachAll(body);
      const GraphId callee = graph_.callee(node);
      if (!callee.valid() || !reached_.functions.insert(callee).second) continue;
      ReachAll(graph_.index().graph(callee));
    }
    return std::move(reached_);
  }

 private:
  void ReachAll(const GraphRecord& graph) {
    for (size_t n = 0; n < graph.num_nodes; ++n) Reach(NodeId(graph.first_node + n));
  }

  void Reach(NodeId node) {
    if (reached_.nodes.insert(node).second) open_.push_back(node);
  }

  const GraphView& graph_;
  ReachedNodes reached_;
  std::vector<NodeId> open_;
};

}  // namespace

ReachedNodes ReachedFrom(const GraphView& graph, absl::Span<const NodeId> nodes) {
  return Search(graph).Run(nodes);
}

}  // namespace modelexport
