// What one kind of evidence proposes for one node.
#ifndef MODELEXPORT_EVIDENCE_CANDIDATE_H_
#define MODELEXPORT_EVIDENCE_CANDIDATE_H_

#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// One matcher's proposal of an owner for one node. A matcher may propose several owners for a node.
struct Candidate {
  NodeId node;
  ModuleId module;
  CallId call;  // Invalid where the matcher cannot tell calls apart.
  // True: the evidence names this very module. False: the owner is this module or one below it, as
  // for a scope whose end names no module.
  bool exact = true;
  // The operator of the source run whose result the node makes; nodes that read the node's result
  // then come after that operator in the run. Invalid if it is not known.
  OpId op{};
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_CANDIDATE_H_
