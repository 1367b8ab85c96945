// Which operators of the run have a node of the model.
#ifndef MODELEXPORT_RESOLUTION_OPERATOR_NODES_H_
#define MODELEXPORT_RESOLUTION_OPERATOR_NODES_H_

#include <vector>

#include "absl/types/span.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/trace/trace_placement.h"
#include "modelexport/graph/node_roles.h"
#include "modelexport/resolution/operator_images.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// Goes by the names of results first (Candidate::op), then by the alignment, then by calls: in each
// call the nodes that are left are images of the operators that are left, as far as exporters write
// such nodes for them.
class OperatorNodes {
 public:
  // `placement` may be null. Ends soon, unusable, once the context is cancelled.
  OperatorNodes(const MatchContext& context, const TracePlacement* placement,
                absl::Span<const Owner> owners, const OperatorImages& images,
                const NodeRoles& roles);

  // The operator that the node is an image of, or whose result it makes; invalid if unknown.
  OpId op_of(NodeId node) const { return op_of_[node.index()]; }

  // Whether it is known by name that the node makes the result of op_of().
  bool makes_result(NodeId node) const { return makes_result_[node.index()]; }

  // The node that makes_result() and for which alone this one computes; invalid if there is none,
  // or the node makes a result itself, or has a scope in its names.
  NodeId part_of(NodeId node) const { return part_of_[node.index()]; }

  // The last node of the operator; invalid if it has none.
  NodeId node_of(OpId op) const { return node_of_[op.index()]; }

 private:
  void Give(NodeId node, OpId op);
  void TakePlaces(const MatchContext& context, const TracePlacement& placement);
  void TakeCalls(const MatchContext& context, const OperatorImages& images);
  void TakeResults(const MatchContext& context, absl::Span<const Owner> owners,
                   const OperatorImages& images);
  void FindParts(const MatchContext& context, absl::Span<const Owner> owners);
  NodeId OnlyUser(const GraphView& graph, NodeId node) const;

  std::vector<CallId> call_of_;     // By node; invalid for what is no image, or if unknown.
  std::vector<OpId> op_of_;         // By node.
  std::vector<bool> makes_result_;  // Likewise.
  std::vector<NodeId> part_of_;     // Likewise.
  std::vector<NodeId> node_of_;     // By operator.
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_OPERATOR_NODES_H_
