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
    std::vector<size_t> chosen(steps_.size());
    if (chosen.empty()) return chosen;
    std::vector<Path> paths;
    for (CallId call : steps_[0]) paths.push_back({CountInDoubt(0, call.index()), call});
    for (size_t i = 1; i < steps_.size(); ++i) paths = Advance(i, paths);
    for (Path& path : paths) {
      path.cost += CountInDoubt(path.reached.index() + 1, hierarchy_.calls().size());
    }
    const auto best = std::min_element(paths.begin(), paths.end(), Cheaper);
    chosen.back() = best - paths.begin();
    for (size_t i = chosen.size() - 1; i > 0; --i) chosen[i - 1] = from_[i][chosen[i]];
    return chosen;
  }

 private:
  // The best way to one option of a step.
  struct Path {
    uint64_t cost;
    // How far in time it got: returning to an outer call does not undo the inner ones.
    CallId reached;
  };

  static bool Cheaper(const Path& a, const Path& b) { return a.cost < b.cost; }

  std::vector<Path> Advance(size_t step, const std::vector<Path>& before) {
    const CallOptions& options = steps_[step];
    std::vector<Path> paths(options.size(), {std::numeric_limits<uint64_t>::max(), CallId()});
    from_[step].resize(options.size());
    for (size_t to = 0; to < options.size(); ++to) {
      for (size_t from = 0; from < before.size(); ++from) {
        const Path path = Extend(before[from], options[to]);
        if (!Cheaper(path, paths[to])) continue;
        paths[to] = path;
        from_[step][to] = from;
      }
    }
    return paths;
  }

  Path Extend(const Path& path, CallId to) const {
    if (Encloses(hierarchy_, to, path.reached)) return path;
    if (to < path.reached) return {path.cost + kStepBack, to};
    return {path.cost + CountInDoubt(path.reached.index() + 1, to.index()), to};
  }

  // Those of the calls from `begin` up to `end`, which is not one of them.
  uint64_t CountInDoubt(size_t begin, size_t end) const {
    const auto first = std::lower_bound(in_doubt_.begin(), in_doubt_.end(), CallId(begin));
    return std::lower_bound(first, in_doubt_.end(), CallId(end)) - first;
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
