// One owner for each node, out of what all matchers propose.
#ifndef MODELEXPORT_RESOLUTION_RESOLVER_H_
#define MODELEXPORT_RESOLUTION_RESOLVER_H_

#include <cstddef>
#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// Two kinds of evidence that say where a node ran, and name different modules; the stronger won.
struct Conflict {
  NodeId node;
  EvidenceKind stronger, weaker;
  ModuleId stronger_module, weaker_module;
};

struct Resolution {
  std::vector<Owner> owners;  // By node.
  std::vector<Conflict> conflicts;
};

// `results` holds what each matcher of `strategy` returned for `context`, in the same order.
//
// Of the strongest kind that names modules exactly, a node takes the only module named. If that
// kind leaves several, weaker kinds may rule some out, then the walk through the calls decides
// (call_walk.h); where calls are unknown, the node takes their common ancestor. Without exact
// evidence it takes the strongest inexact one. What is left is restricted by the flow of data
// (flow.h); where that does not help either, the node takes the root.
//
// Once the context is cancelled it ends early: nodes not yet settled have the root, and the result
// is of no use.
Resolution Resolve(const MatchContext& context, const Strategy& strategy,
                   const std::vector<MatchResult>& results);

// What evidence that says where a node ran settles of it, at most one candidate for a node, sorted
// by node: of one that still lies between several, the module around them, inexact.
std::vector<Candidate> StrongEvidence(const MatchContext& context, const Strategy& strategy,
                                      const std::vector<MatchResult>& results);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_RESOLVER_H_
