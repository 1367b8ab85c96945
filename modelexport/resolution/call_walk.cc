#include "modelexport/resolution/call_walk.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "modelexport/resolution/call_tree.h"

namespace modelexport {
namespace {

// A step back outweighs any number of calls passed over.
constexpr uint64_t kStepBack = uint64_t{1} << 32;
constexpr size_t kMaxStates = 64;

// Where a walk is: in a call, with all before `reached` in the past. Returning to an outer call
// does not undo the inner ones.
struct State {
  CallId at;
  CallId reached;  // Invalid before the first step.
  uint64_t cost = 0;
  absl::InlinedVector<uint32_t, 1> from;  // The states of the step before with this cost.
};

class Walk {
 public:
  Walk(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps)
      : hierarchy_(hierarchy), steps_(steps) {
    for (const CallOptions& options : steps) {
      if (options.size() > 1) in_doubt_.insert(in_doubt_.end(), options.begin(), options.end());
    }
    std::sort(in_doubt_.begin(), in_doubt_.end());
    in_doubt_.erase(std::unique(in_doubt_.begin(), in_doubt_.end()), in_doubt_.end());
  }

  std::vector<CallOptions> Run() {
    std::vector<std::vector<State>> states = {{State()}};
    for (const CallOptions& options : steps_) states.push_back(Advance(states.back(), options));
    for (State& state : states.back()) {
      if (state.reached.valid()) state.cost += CountAfter(state, hierarchy_.calls().size());
    }
    return OnBestWalks(states);
  }

 private:
  // The places of the states that lie on a walk of the least cost, by step.
  std::vector<CallOptions> OnBestWalks(const std::vector<std::vector<State>>& states) const {
    const auto best = std::min_element(states.back().begin(), states.back().end(), Cheaper);
    std::vector<bool> used;
    for (const State& state : states.back()) used.push_back(state.cost == best->cost);
    std::vector<CallOptions> places(steps_.size());
    for (size_t i = steps_.size(); i > 0; --i) {
      std::vector<bool> used_before(states[i - 1].size());
      for (size_t s = 0; s < states[i].size(); ++s) {
        if (!used[s]) continue;
        places[i - 1].push_back(states[i][s].at);
        for (uint32_t from : states[i][s].from) used_before[from] = true;
      }
      std::sort(places[i - 1].begin(), places[i - 1].end());
      places[i - 1].erase(std::unique(places[i - 1].begin(), places[i - 1].end()),
                          places[i - 1].end());
      used = std::move(used_before);
    }
    return places;
  }

  static bool Cheaper(const State& a, const State& b) { return a.cost < b.cost; }

  // The cheapest state for each place and reach, in the order of options.
  std::vector<State> Advance(const std::vector<State>& before, const CallOptions& options) const {
    std::vector<State> states;
    for (CallId option : options) {
      for (size_t from = 0; from < before.size(); ++from) {
        State state = Extend(before[from], option);
        state.from = {static_cast<uint32_t>(from)};
        const auto same = std::find_if(states.begin(), states.end(), [&state](const State& other) {
          return other.at == state.at && other.reached == state.reached;
        });
        if (same == states.end()) {
          states.push_back(std::move(state));
        } else if (state.cost == same->cost) {
          same->from.push_back(state.from[0]);
        } else if (state.cost < same->cost) {
          *same = std::move(state);
        }
      }
    }
    if (states.size() > kMaxStates) {
      std::stable_sort(states.begin(), states.end(), Cheaper);
      states.resize(kMaxStates);
    }
    return states;
  }

  bool IsStepBack(const State& state, CallId to) const {
    return state.reached.valid() && to != state.at && !(state.reached < to) &&
           !IsCallWithin(hierarchy_, state.at, to);
  }

  State Extend(const State& state, CallId to) const {
    State next = state;
    next.at = to;
    if (!state.reached.valid() || state.reached < to) {
      next.cost += CountAfter(state, to.index());
      next.reached = to;
    } else if (IsStepBack(state, to)) {
      next.cost += kStepBack;
      next.reached = to;
    }
    return next;
  }

  // The calls in doubt between those reached and the call `end`.
  uint64_t CountAfter(const State& state, size_t end) const {
    const size_t begin = state.reached.valid() ? state.reached.index() + 1 : 0;
    const auto first = std::lower_bound(in_doubt_.begin(), in_doubt_.end(), CallId(begin));
    return std::lower_bound(first, in_doubt_.end(), CallId(end)) - first;
  }

  const Hierarchy& hierarchy_;
  const absl::Span<const CallOptions> steps_;
  std::vector<CallId> in_doubt_;  // Sorted.
};

}  // namespace

std::vector<CallOptions> FitCalls(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps) {
  return Walk(hierarchy, steps).Run();
}

}  // namespace modelexport
