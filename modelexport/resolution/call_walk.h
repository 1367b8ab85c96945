// Chooses between calls where names leave several: the calls of a model nest and follow each other
// in time, so along the nodes of an exported graph they form a walk through the tree of calls.
#ifndef MODELEXPORT_RESOLUTION_CALL_WALK_H_
#define MODELEXPORT_RESOLUTION_CALL_WALK_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The calls that one node may belong to: one if that is settled. Never empty.
using CallOptions = std::vector<CallId>;

// Returns the position of the chosen option for each step.
//
// Chooses so that the walk steps back in time as seldom as possible (returning from a call to the
// one around it is no step back), then so that it passes over as few of the calls in doubt as
// possible without a node in them, then the earliest calls. Time: steps * options^2.
std::vector<size_t> ChooseCalls(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_CALL_WALK_H_
