// How long loops notice that a run is to end.
#ifndef MODELEXPORT_BASE_CANCELLATION_H_
#define MODELEXPORT_BASE_CANCELLATION_H_

#include <atomic>
#include <cstddef>

#include "absl/status/status.h"

namespace modelexport {

// Flags are set from anywhere, a signal handler too, and never reset. A null pointer means that
// nothing ends the run.
inline bool IsCancelled(const std::atomic<bool>* cancelled) {
  return cancelled != nullptr && cancelled->load(std::memory_order_relaxed);
}

// Whether a loop at `step`, counted from 0, is to end with what it has found. Looks at the flag
// once in 1,024 steps.
inline bool EndsEarly(const std::atomic<bool>* cancelled, size_t step) {
  return step % 1024 == 0 && IsCancelled(cancelled);
}

// kCancelled where the run is to end: for what may have ended early, and must not pass for whole.
inline absl::Status CheckCancelled(const std::atomic<bool>* cancelled) {
  return IsCancelled(cancelled) ? absl::CancelledError("cancelled") : absl::OkStatus();
}

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_CANCELLATION_H_
