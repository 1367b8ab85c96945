// What one run of a model costs, by node.
//
//   MX_ASSIGN_OR_RETURN(const ValueShapes shapes, ValueShapes::Read(graph, declared, request));
//   MX_ASSIGN_OR_RETURN(const std::vector<NodeCost> costs, CostsOfNodes(graph, shapes));
//   if (costs[node.index()].macs.is_known()) ...
#ifndef MODELEXPORT_COSTS_NODE_COSTS_H_
#define MODELEXPORT_COSTS_NODE_COSTS_H_

#include <atomic>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/costs/count.h"
#include "modelexport/costs/value_shapes.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

struct NodeCost {
  Count macs;         // Multiply-accumulates (costs/operator_macs.h).
  Count activations;  // Bytes of its outputs; 0 for a Constant, which computes nothing.

  // The node is in the body of a Loop or Scan and counts as if it ran once.
  bool repeats = false;
};

// By node. A node that holds bodies or calls a function has no MACs of its own: its bodies' nodes
// have. What nothing calls costs 0. A node of which it is not known whether it runs at all
// (GraphRuns::kOpen) has unknown costs, if it has any.
//
// An error: attributes that cannot be read. Ends early once `*cancelled` is true; null: never.
absl::StatusOr<std::vector<NodeCost>> CostsOfNodes(const GraphView& graph,
                                                   const ValueShapes& shapes,
                                                   const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_NODE_COSTS_H_
