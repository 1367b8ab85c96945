// Chooses between calls where names leave several: the calls of a model nest and follow each other
// in time, so along the nodes of an exported graph they form a walk through the tree of calls.
#ifndef MODELEXPORT_RESOLUTION_CALL_WALK_H_
#define MODELEXPORT_RESOLUTION_CALL_WALK_H_

#include <atomic>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The calls that one step of the walk may belong to, in order: one if that is settled. Never empty.
using CallOptions = std::vector<CallId>;

// Returns for each step those of its options that lie on one of the best walks, in order. Where
// several do, the walk cannot tell.
//
// The best walks step back in time as seldom as possible, then pass over as few of the calls in
// doubt as possible without a step in them. It is no step back to return to an enclosing call; to
// enter again what was left is one. Of the walks to one step only the best 64 that differ in where
// they are and how far they got are followed.
//
// Once `*cancelled` is true it ends soon, with a result of no use; null: never.
std::vector<CallOptions> FitCalls(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps,
                                  const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_CALL_WALK_H_
