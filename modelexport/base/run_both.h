// Two pieces of work at once, where there is a second core for one of them.
#ifndef MODELEXPORT_BASE_RUN_BOTH_H_
#define MODELEXPORT_BASE_RUN_BOTH_H_

#include <cstdint>

#include "absl/functional/function_ref.h"

namespace modelexport {

// Work on fewer bytes than this is done sooner than a thread is started for it.
inline constexpr uint64_t kWorthAThread = 1 << 20;

// Returns when both have returned. `first` runs on the calling thread, `second` at the same time on
// one of its own or, if the system grants none, after `first`. So neither may need what the other
// does, and what they leave must not depend on which of them came first. An exception of either is
// thrown on, that of `first` if both throw.
void RunBoth(absl::FunctionRef<void()> first, absl::FunctionRef<void()> second);

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_RUN_BOTH_H_
