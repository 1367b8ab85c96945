// Settles the nodes for which the strongest evidence leaves several owners.
#ifndef MODELEXPORT_RESOLUTION_DOUBTS_H_
#define MODELEXPORT_RESOLUTION_DOUBTS_H_

#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

struct Doubt {
  NodeId node;
  std::vector<Candidate> options;  // At least two.
};

// `doubts` are sorted by node; `owners` holds all other nodes' owners, and of these the evidence.
//
// Neighbours that are in doubt between the same calls form a run. The walk through the calls
// (call_walk.h) tells which of them fit in between the settled nodes around:
// - one call fits: it owns the run;
// - as many calls fit as the run has nodes, all of one operator: each call has one;
// - the run falls into parts in just one way, one for each call, where a part has the operators
//   that other calls of its module have: each call has its part;
// - otherwise nobody can tell: the nodes take the module around all that fit, which is the module
//   itself where all calls are of one, and no call.
// The same where options come without calls.
//
// Once the context is cancelled it ends soon, and leaves nodes in doubt as they are.
void SettleDoubts(const MatchContext& context, const std::vector<Doubt>& doubts,
                  std::vector<Owner>* owners);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_DOUBTS_H_
