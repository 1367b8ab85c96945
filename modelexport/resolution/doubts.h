// Settles ambiguous nodes: those for which the strongest evidence leaves several owners.
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

// `doubts` are sorted by node. `owners` holds the owners of all other nodes; of the nodes in
// `doubts`, it holds the evidence.
//
// Consecutive nodes that are ambiguous between the same calls form a group. The walk through the
// calls (call_walk.h) tells which of these calls fit between the settled nodes around the group:
// - If one call fits, it owns the group.
// - If as many calls fit as the group has nodes, and all nodes have one operator, each call owns
//   one node.
// - If there is just one way to divide the group into parts, one for each call, such that each part
//   has the operators that other calls of its module have, each call owns its part.
// - Otherwise the nodes get no call, and the nearest module around all calls that fit: the module
//   itself if all are its calls.
// The same holds for options without calls.
//
// Once the context is cancelled it ends soon, and leaves ambiguous nodes as they are.
void SettleDoubts(const MatchContext& context, const std::vector<Doubt>& doubts,
                  std::vector<Owner>* owners);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_DOUBTS_H_
