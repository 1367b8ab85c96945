#include "modelexport/profiles/nesting.h"

#include <algorithm>
#include <cstddef>

namespace modelexport {

void Nest(std::vector<Execution> executions, KernelTable* kernels, std::vector<KernelTime>* times) {
  // Of two at the same time the one that ended later, and so came later, is around the other.
  std::reverse(executions.begin(), executions.end());
  std::stable_sort(executions.begin(), executions.end(), [](const auto& a, const auto& b) {
    return a.begin < b.begin || (a.begin == b.begin && a.duration > b.duration);
  });
  struct Open {
    double end;
    size_t entry;  // Of `times`.
  };
  times->reserve(times->size() + executions.size());  // Runs are many, and stay as they are.
  std::vector<Open> open;  // Each within the one before it. Popped at most once for each push.
  for (const Execution& execution : executions) {
    while (!open.empty() &&
           (execution.begin >= open.back().end || execution.end() > open.back().end)) {
      open.pop_back();
    }
    uint32_t parent = Kernel::kNone;
    if (!open.empty()) {
      KernelTime& around = (*times)[open.back().entry];
      around.own -= execution.duration;
      parent = around.kernel;
    }
    open.push_back({execution.end(), times->size()});
    times->push_back({kernels->Within(execution.kernel, parent), execution.duration});
  }
}

}  // namespace modelexport
