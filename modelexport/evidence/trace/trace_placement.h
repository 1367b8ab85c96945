// The operators to which an alignment with the run assigns the nodes of a graph.
#ifndef MODELEXPORT_EVIDENCE_TRACE_TRACE_PLACEMENT_H_
#define MODELEXPORT_EVIDENCE_TRACE_TRACE_PLACEMENT_H_

#include <atomic>
#include <string>
#include <vector>

#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/evidence/trace/clues.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Nodes that are images get the operator that evidence/trace/aligner.h gives them. Constants, nodes
// that compute shapes, and inserted quantization get the first operator that uses them. A node is
// not placed if it reads parameters and no operator of the run reads any of these: it is an image
// of an operator that is not listed.
class TracePlacement {
 public:
  struct At {
    OpId op;           // Invalid if the node is not placed.
    ModuleId around;   // The module at or above all that are almost as good as the operator's.
    NodeId with;       // The node that uses this one and gives it its operator; invalid for images.
    ModuleId next;     // The next best module that was considered; invalid if none was.
    float behind = 0;  // How much lower the alignment's total is with it.
  };

  // `anchors` has, for each node, what is settled. If it is settled for all images, nothing is
  // placed. Once `*cancelled` is true, the result is of no use; null means never cancelled.
  TracePlacement(const GraphView& graph, const Hierarchy& hierarchy, const TensorIdentity& tensors,
                 std::vector<Anchor> anchors, const std::atomic<bool>* cancelled = nullptr);

  const At& of(NodeId node) const { return at_[node.index()]; }

  // For the report: that not all operators were considered; "" if all were.
  const std::string& note() const { return note_; }

 private:
  void PlaceWithConsumers(const GraphView& graph, NodeId node);

  std::vector<At> at_;  // By node.
  std::string note_;
};

// The placement of `context`, around what is settled there. It is computed once and shared.
const TracePlacement& PlacementOf(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TRACE_PLACEMENT_H_
