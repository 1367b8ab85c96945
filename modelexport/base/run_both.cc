#include "modelexport/base/run_both.h"

#include <future>

namespace modelexport {

void RunBoth(absl::FunctionRef<void()> first, absl::FunctionRef<void()> second) {
  // Deferred, that is in get(), where no thread can be had.
  std::future<void> other = std::async(std::launch::async | std::launch::deferred, second);
  first();
  other.get();
}

}  // namespace modelexport
