// Work for a second core.
#ifndef MODELEXPORT_BASE_THREADS_H_
#define MODELEXPORT_BASE_THREADS_H_

#include <cstdint>
#include <future>
#include <utility>

#include "absl/functional/function_ref.h"

namespace modelexport {

// Work on fewer bytes than this is done sooner than a thread is started for it.
inline constexpr uint64_t kWorthAThread = 1 << 20;

// Starts `work` on a thread of its own. If it is not worth one, or the system grants none, get() of
// the result does it. What it leaves must not depend on when it runs. The destructor of the result
// waits for its end.
template <typename Work>
auto Start(bool worth_a_thread, Work work) {
  const auto deferred = std::launch::deferred;
  return std::async(worth_a_thread ? std::launch::async | deferred : deferred, std::move(work));
}

// Does `first` on the calling thread and `second` on one that it starts, and returns when both have
// returned. An exception of either is thrown on, that of `first` if both throw.
void RunBoth(absl::FunctionRef<void()> first, absl::FunctionRef<void()> second);

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_THREADS_H_
