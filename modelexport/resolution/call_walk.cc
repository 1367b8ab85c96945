#include "modelexport/resolution/call_walk.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace modelexport {
namespace {

// A step back outweighs any number of calls passed over.
constexpr uint64_t kStepBack = uint64_t{1} << 32;

bool Encloses(const Hierarchy& hierarchy, CallId outer, CallId call) {
  while (call.valid() && outer < call) call = hierarchy.call(call).parent;
  return call == outer;
}

class Walk {
 public:
  Walk(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps)
      : hierarchy_(hierarchy), steps_(steps), from_(steps.size()) {
    for (const CallOptions& options : steps) {
      if (options.size() > 1) in_doubt_.insert(in_doubt_.end(), options.begin(), options.end());
    }
    std::sort(in_doubt_.begin(), in_doubt_.end());
    in_doubt_.erase(std::unique(in_doubt_.begin(), in_doubt_.end()), in_doubt_.end());
  }

  std::vector<size_t> Run() {
    std::vector<uint64_t> cost(steps_.empty() ? 0 : steps_[0].size());
    for (size_t i = 1; i < steps_.size(); ++i) cost = Advance(i, cost);
    std::vector<size_t> chosen(steps_.size());
    if (chosen.empty()) return chosen;
    chosen.back() = std::min_element(cost.begin(), cost.end()) - cost.begin();
    for (size_t i = chosen.size() - 1; i > 0; --i) chosen[i - 1] = from_[i][chosen[i]];
    return chosen;
  }

 private:
  std::vector<uint64_t> Advance(size_t step, const std::vector<uint64_t>& before) {
    const CallOptions& options = steps_[step];
    std::vector<uint64_t> cost(options.size(), std::numeric_limits<uint64_t>::max());
    from_[step].resize(options.size());
    for (size_t to = 0; to < options.size(); ++to) {
      for (size_t from = 0; from < before.size(); ++from) {
        const uint64_t total = before[from] + StepCost(steps_[step - 1][from], options[to]);
        if (total >= cost[to]) continue;
        cost[to] = total;
        from_[step][to] = from;
      }
    }
    return cost;
  }

  uint64_t StepCost(CallId from, CallId to) const {
    if (from == to || Encloses(hierarchy_, to, from)) return 0;
    if (to < from) return kStepBack;
    const auto first = std::upper_bound(in_doubt_.begin(), in_doubt_.end(), from);
    const auto last = std::lower_bound(first, in_doubt_.end(), to);
    return last - first;
  }

  const Hierarchy& hierarchy_;
  const absl::Span<const CallOptions> steps_;
  std::vector<std::vector<size_t>> from_;  // The best option before, by step and option.
  std::vector<CallId> in_doubt_;           // Sorted.
};

}  // namespace

std::vector<size_t> ChooseCalls(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps) {
  return Walk(hierarchy, steps).Run();
}

}  // namespace modelexport
