// A call tree for modules of which only the numbers of calls are known.
#ifndef MODELEXPORT_HIERARCHY_READERS_ASSUMED_CALLS_H_
#define MODELEXPORT_HIERARCHY_READERS_ASSUMED_CALLS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

struct AssumedCall {
  ModuleId module;
  int64_t parent;  // The position of an earlier one; -1: called from outside.
};

// In more than this many calls altogether, nothing is assumed.
inline constexpr int64_t kMaxAssumedCalls = 1 << 22;

// `counts`, by module of `modules`, says how often each was called. A module was called by the
// nearest module around it that was called, if that was called once, or as often: in turn.
// Otherwise it is not known by whom, and the calls come from outside. A call comes before those
// that it makes, otherwise modules are in order.
std::vector<AssumedCall> AssumeCalls(const Hierarchy& modules, absl::Span<const int64_t> counts);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_ASSUMED_CALLS_H_
