// What nodes read, in their bodies too.
#ifndef MODELEXPORT_MODULES_NODE_READS_H_
#define MODELEXPORT_MODULES_NODE_READS_H_

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// One input of a node.
using NodeInput = std::pair<NodeId, uint32_t>;

// What the nodes in the bodies of `node` read of the graphs around these bodies: for each of these
// nodes, in order, its inputs in order.
std::vector<NodeInput> CapturedInputs(const GraphView& graph, NodeId node);

// Of the nodes of the main graph.
class NodeReads {
 public:
  // `graph` must outlive the object. Takes time in proportion to the nodes in bodies.
  explicit NodeReads(const GraphView& graph);

  // The inputs of a node, and then what CapturedInputs() are of. The inputs may be invalid.
  absl::Span<const ValueId> of(NodeId node) const {
    const auto found = with_bodies_.find(node);
    return found == with_bodies_.end() ? graph_.inputs(node) : absl::MakeConstSpan(found->second);
  }

 private:
  const GraphView& graph_;
  absl::flat_hash_map<NodeId, std::vector<ValueId>> with_bodies_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_NODE_READS_H_
