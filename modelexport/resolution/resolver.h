// Chooses one owner for each node from the candidates of all matchers.
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

// Two kinds of evidence say where a node ran but name different modules; the stronger one won.
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
// A node takes the module that the strongest kind with exact candidates names. If that kind leaves
// several modules, weaker kinds may rule some out, and then the walk through the calls decides
// (call_walk.h); if calls are unknown, the node takes the common ancestor of the modules. Without
// exact candidates, the node takes the strongest inexact one. Nodes without candidates are
// restricted by the flow of data (flow.h), and take the root if that does not help either.
//
// Once the context is cancelled, the function ends early: nodes not yet settled have the root, and
// the result is of no use.
Resolution Resolve(const MatchContext& context, const Strategy& strategy,
                   const std::vector<MatchResult>& results);

// The nodes that are settled by evidence that says where a node ran, as at most one candidate for
// each node, sorted by node. For a node that is still ambiguous, the candidate is the module around
// its owners, inexact.
std::vector<Candidate> StrongEvidence(const MatchContext& context, const Strategy& strategy,
                                      const std::vector<MatchResult>& results);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_RESOLVER_H_
