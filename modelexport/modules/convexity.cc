#include "modelexport/modules/convexity.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

class PathSearch {
 public:
  PathSearch(const GraphView& graph, absl::Span<const NodeId> nodes)
      : graph_(graph), set_(graph, nodes), is_sorted_(graph.unsorted_nodes().empty()) {}

  // A path that comes back; empty if none does.
  std::vector<NodeId> Run() {
    for (NodeId node : set_.nodes()) FollowFrom(node);
    while (!open_.empty() && way_.empty()) {
      const NodeId node = open_.back();
      open_.pop_back();
      if (MayComeBack(node)) FollowFrom(node);
    }
    return way_;
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
      if (way_.empty() && !set_.contains(from)) way_ = WayTo(from, to);
    } else if (reached_from_.emplace(to, from).second) {
      open_.push_back(to);
    }
  }

  std::vector<NodeId> WayTo(NodeId last_outside, NodeId end) const {
    std::vector<NodeId> way = {end, last_outside};
    while (!set_.contains(way.back())) way.push_back(reached_from_.at(way.back()));
    std::reverse(way.begin(), way.end());
    return way;
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
  absl::flat_hash_map<NodeId, NodeId> reached_from_;  // Nodes that are not of the set.
  std::vector<NodeId> open_;
  std::vector<NodeId> way_;
};

}  // namespace

bool IsConvex(const GraphView& graph, absl::Span<const NodeId> nodes) {
  return FindWayBack(graph, nodes).empty();
}

std::vector<NodeId> FindWayBack(const GraphView& graph, absl::Span<const NodeId> nodes) {
  return PathSearch(graph, nodes).Run();
}

}  // namespace modelexport
