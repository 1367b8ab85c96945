#include "modelexport/modules/convexity.h"

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

class PathSearch {
 public:
  PathSearch(const GraphView& graph, absl::Span<const NodeId> nodes)
      : graph_(graph), set_(graph, nodes), is_sorted_(graph.unsorted_nodes().empty()) {}

  // Whether a path comes back.
  bool Run() {
    for (NodeId node : set_.nodes()) FollowFrom(node);
    while (!open_.empty() && !came_back_) {
      const NodeId node = open_.back();
      open_.pop_back();
      if (MayComeBack(node)) FollowFrom(node);
    }
    return came_back_;
  }

 private:
  // Reads of `node` in the bodies of others reach those others through them.
  void FollowFrom(NodeId node) {
    for (ValueId output : graph_.outputs(node)) {
      if (!output.valid()) continue;
      for (NodeId reader : graph_.consumers(output)) Reach(node, reader);
    }
    const NodeId holder = graph_.index().graph(graph_.index().graph_of(node)).parent;
    if (holder.valid()) Reach(node, holder);
  }

  void Reach(NodeId from, NodeId to) {
    if (set_.contains(to)) {
      came_back_ = came_back_ || !set_.contains(from);
    } else if (reached_.insert(to).second) {
      open_.push_back(to);
    }
  }

  // In a sorted graph, nodes beyond the set's last one lead to none of it. Nodes of bodies are
  // numbered after all of the graph around them, so only those of the main graph can be told.
  bool MayComeBack(NodeId node) const {
    const NodeId last = set_.nodes().back();
    if (!is_sorted_ || graph_.index().graph_of(node) != graph_.index().graph_of(last)) return true;
    return node < last;
  }

  const GraphView& graph_;
  const NodeSet set_;
  const bool is_sorted_;
  absl::flat_hash_set<NodeId> reached_;
  std::vector<NodeId> open_;
  bool came_back_ = false;
};

}  // namespace

bool IsConvex(const GraphView& graph, absl::Span<const NodeId> nodes) {
  return !PathSearch(graph, nodes).Run();
}

}  // namespace modelexport
