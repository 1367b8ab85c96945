// Where an alignment with the source run puts the nodes of a graph.
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

// Nodes that are images of operators stand where evidence/trace/aligner.h puts them; constants,
// what computes shapes, and inserted quantization stand with the first operator that uses them. Not
// placed is what reads parameters of which no operator of the run reads any: it is an image of one
// that is not listed.
class TracePlacement {
 public:
  struct At {
    OpId op;           // Invalid: the node is not placed.
    ModuleId around;   // The module of the operator, or around all that are almost as good.
    NodeId with;       // The node that uses this one and that it stands with; invalid for images.
    ModuleId next;     // The next best module, as far as one was considered; invalid if none was.
    float behind = 0;  // How much worse that one is.
  };

  // `anchors`: by node, what is settled. Places nothing where that is settled for all images. Once
  // `*cancelled` is true, what it places is of no use; null means never.
  TracePlacement(const GraphView& graph, const Hierarchy& hierarchy, const TensorIdentity& tensors,
                 const std::vector<Anchor>& anchors, const std::atomic<bool>* cancelled = nullptr);

  const At& of(NodeId node) const { return at_[node.index()]; }

  // For the report: that not all operators were considered; "" if all were.
  const std::string& note() const { return note_; }

 private:
  void PlaceWithConsumers(const GraphView& graph, NodeId node);

  std::vector<At> at_;  // By node.
  std::string note_;
};

// That of `context`, around what is settled there, shared by all who ask.
const TracePlacement& PlacementOf(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TRACE_PLACEMENT_H_
