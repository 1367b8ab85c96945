// What one kind of evidence proposes for one node.
#ifndef MODELEXPORT_EVIDENCE_CANDIDATE_H_
#define MODELEXPORT_EVIDENCE_CANDIDATE_H_

#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// One matcher's proposal of an owner for one node. A matcher may make several for a node.
struct Candidate {
  NodeId node;
  ModuleId module;
  CallId call;  // Invalid where the matcher cannot tell calls apart.
  // True: the evidence names this very module. False: it only restricts the owner to the tree
  // below it, as a scope does whose rest names no module.
  bool exact = true;
  // Of the source run: the operator whose result the node makes, so that what reads it comes after
  // that operator. Invalid where that is not known.
  OpId op{};
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_CANDIDATE_H_
