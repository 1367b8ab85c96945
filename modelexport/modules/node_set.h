// A set of nodes as the graph around it sees it.
#ifndef MODELEXPORT_MODULES_NODE_SET_H_
#define MODELEXPORT_MODULES_NODE_SET_H_

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// The nodes given, and those in the bodies of these nodes: what a body reads its node reads.
class NodeSet {
 public:
  // Keeps no reference to its arguments. Takes time in proportion to the nodes that it holds.
  NodeSet(const GraphView& graph, absl::Span<const NodeId> nodes);

  bool contains(NodeId node) const { return set_.contains(node); }

  // In order, each once.
  const std::vector<NodeId>& nodes() const { return nodes_; }

 private:
  void Add(NodeId node);

  absl::flat_hash_set<NodeId> set_;
  std::vector<NodeId> nodes_;
};

// A node and those in its bodies, in order.
inline std::vector<NodeId> WithBodies(const GraphView& graph, NodeId node) {
  if (graph.index().bodies(node).empty()) return {node};
  return NodeSet(graph, {node}).nodes();
}

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_NODE_SET_H_
