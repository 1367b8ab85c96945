// The operators of the run whose work a node does.
#ifndef MODELEXPORT_RESOLUTION_NODE_WORK_H_
#define MODELEXPORT_RESOLUTION_NODE_WORK_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/optional.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/resolution/operator_nodes.h"
#include "modelexport/resolution/run_facts.h"

namespace modelexport {

// An operator without a node, and the node that does its work.
struct DoneBy {
  NodeId node;
  bool is_behind = false;  // Behind the result that the node is known to make.
};

class NodeWork {
 public:
  // All must outlive the object. `done_by` has DoneBy by operator; it grows while nodes are asked
  // for in order.
  NodeWork(const GraphView& graph, const Hierarchy& hierarchy, const OperatorNodes& nodes,
           const RunFacts& facts, const std::vector<DoneBy>& done_by)
      : graph_(graph), hierarchy_(hierarchy), nodes_(nodes), facts_(facts), done_by_(done_by) {}

  // The operator whose result the node makes, then those before it that have no node of their own
  // and compute with nothing but what the node reads and each other. An Add of two convolutions is
  // not the work of a node that reads one of these alone. Empty if there are too many.
  //
  // `take_behind` is asked to give an operator that is not to the node behind which it is; so are
  // those without tensors that follow one that was given so.
  std::vector<OpId> Before(NodeId node, absl::FunctionRef<void(OpId)> take_behind) const;

  // Of two nodes the one that reads what the other makes; invalid if neither does.
  NodeId LaterOf(NodeId a, NodeId b) const;

 private:
  std::vector<OpId> Open(NodeId node) const;
  bool MayBeDoneBy(NodeId node, OpId op) const;
  absl::optional<std::vector<NodeId>> NodesReadBy(NodeId node) const;
  bool IsProvided(OpId op, const std::vector<NodeId>& by) const;
  bool FollowsBehind(OpId op) const;
  std::vector<OpId> WithInputs(OpId op, const std::vector<OpId>& others) const;
  std::vector<OpId> Fed(const std::vector<OpId>& open, const std::vector<NodeId>& by,
                        absl::FunctionRef<void(OpId)> take_behind) const;

  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  const OperatorNodes& nodes_;
  const RunFacts& facts_;
  const std::vector<DoneBy>& done_by_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_NODE_WORK_H_
