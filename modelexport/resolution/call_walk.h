// Chooses between calls where names leave several. The calls of a model nest and follow each other
// in time, so the calls of an exported graph's nodes form a walk through the tree of calls.
#ifndef MODELEXPORT_RESOLUTION_CALL_WALK_H_
#define MODELEXPORT_RESOLUTION_CALL_WALK_H_

#include <atomic>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The calls that one step of the walk may belong to, in order. One call if the step is settled;
// never empty.
using CallOptions = std::vector<CallId>;

// Returns, for each step, the options that are on one of the best walks, in order. If several are,
// the walk cannot tell them apart.
//
// The best walks step back in time as seldom as possible; among these, they skip as few as possible
// of the calls in doubt. Returning to an enclosing call is no step back; entering a call again
// after leaving it is one. At each step, only the best 64 walks that differ in their current call
// or in how far they got are followed further.
//
// Once `*cancelled` is true it ends soon, with an unusable result; null: never.
std::vector<CallOptions> FitCalls(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps,
                                  const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_CALL_WALK_H_
