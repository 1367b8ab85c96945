// Owners of nodes without evidence, concluded from the nodes before and after them.
#ifndef MODELEXPORT_RESOLUTION_FLOW_H_
#define MODELEXPORT_RESOLUTION_FLOW_H_

#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// Gives an owner to each node whose evidence is `none`, if the graph restricts where it ran:
// - dataflow: a node between a node of one call and a node of another ran within the innermost call
//   around both (or within the call, if both are in one). Of all such pairs of the nearest owners
//   before and after the node, the innermost call counts. Unknown calls are replaced by modules.
// - dataflow: a constant, or a node that reads nothing but initializers, takes the owner of its
//   consumers, if all have evidence of their own. Nodes that compute with the results of constants
//   may have run anywhere around, so this rule does not apply to them.
// - inherited: QuantizeLinear and DequantizeLinear, which no source model has, take the owner of
//   the value that they serve: on weights that of the consumer, otherwise that of the producer.
// - inherited: in a body of If, Loop or Scan, a node that nothing else restricts takes the owner of
//   the node that holds the body.
//
// The root is never given: a node that is restricted to no more than the root keeps `none`. An
// owner given here is no evidence for other nodes, except in the bodies that its node holds. Graphs
// should be sorted topologically; in unsorted graphs fewer nodes get an owner, but none gets
// another one.
// Once the context is cancelled it ends soon.
void SpreadAlongFlow(const MatchContext& context, std::vector<Owner>* owners);

// For people to read: the nearest nodes with evidence of their own before and after a node, at most
// four on each side, and the node that holds its graph (invalid if the graph is no body).
struct FlowNeighbours {
  std::vector<NodeId> before, behind;
  NodeId holder;
};
FlowNeighbours FindFlowNeighbours(const GraphView& graph, const std::vector<Owner>& owners,
                                  NodeId node);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_FLOW_H_
