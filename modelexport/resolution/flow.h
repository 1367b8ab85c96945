// Owners of nodes that no evidence names, from the nodes between which they lie.
#ifndef MODELEXPORT_RESOLUTION_FLOW_H_
#define MODELEXPORT_RESOLUTION_FLOW_H_

#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// Gives an owner to nodes with evidence none, where the graph restricts it:
// - dataflow: what runs between a node of one call and a node of another runs within the innermost
//   call around both (for both in one call, within that). Of all such pairs, before and behind the
//   node, the innermost call counts. Where calls are unknown, modules stand for them.
// - dataflow: a constant, or a node that reads nothing but initializers, belongs with its
//   consumers, if all have evidence of their own. What is computed from constants further on may
//   have run anywhere around, and is left alone.
// - inherited: QuantizeLinear and DequantizeLinear, which no model's source has, belong with the
//   value that they serve: on weights with the consumer, else with the producer.
// - inherited: in a body of If, Loop or Scan, what is not restricted otherwise belongs with the
//   node that holds the body.
//
// The root is never given: a node that is restricted to no more than the root keeps none. Nodes
// that were given an owner are no evidence for others. Relies on graphs being sorted topologically;
// nodes that are not get fewer owners, not other ones. Once the context is cancelled it ends soon.
void SpreadAlongFlow(const MatchContext& context, std::vector<Owner>* owners);

// For people: the nearest nodes with evidence of their own before and behind a node, a few of each,
// and the node that holds its graph (invalid in graphs that none holds).
struct FlowNeighbours {
  std::vector<NodeId> before, behind;
  NodeId holder;
};
FlowNeighbours FindFlowNeighbours(const GraphView& graph, const std::vector<Owner>& owners,
                                  NodeId node);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_FLOW_H_
