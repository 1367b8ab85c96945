#include "modelexport/resolution/call_walk.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "modelexport/base/cancellation.h"
#include "modelexport/base/rows.h"
#include "modelexport/hierarchy/call_tree.h"

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
  uint64_t from = 0;  // The states of the step before with this cost: a bit for each.
};
static_assert(kMaxStates <= 64, "State::from has a bit for each state");

// What is kept of a state once the walk has gone on.
struct PastState {
  CallId at;
  uint64_t from;
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

  std::vector<CallOptions> Run(const std::atomic<bool>* cancelled) {
    std::vector<State> states = {State()};
    for (const CallOptions& options : steps_) {
      if (IsCancelled(cancelled)) return {};
      states = Advance(states, options);
      for (const State& state : states) past_.Append({state.at, state.from});
      past_.EndRow();
    }
    for (State& state : states) {
      if (state.reached.valid()) state.cost += CountAfter(state, hierarchy_.calls().size());
    }
    return OnBestWalks(states);
  }

 private:
  // The calls of the states on a walk of the least cost, by step. `last` are those of the last
  // step.
  std::vector<CallOptions> OnBestWalks(const std::vector<State>& last) const {
    const auto best = std::min_element(last.begin(), last.end(), Cheaper);
    uint64_t used = 0;
    for (size_t s = 0; s < last.size(); ++s) {
      if (last[s].cost == best->cost) used |= uint64_t{1} << s;
    }
    std::vector<CallOptions> calls(steps_.size());
    for (size_t i = steps_.size(); i-- > 0;) {
      uint64_t used_before = 0;
      for (size_t s = 0; s < past_[i].size(); ++s) {
        if ((used >> s & 1) == 0) continue;
        calls[i].push_back(past_[i][s].at);
        used_before |= past_[i][s].from;
      }
      std::sort(calls[i].begin(), calls[i].end());
      calls[i].erase(std::unique(calls[i].begin(), calls[i].end()), calls[i].end());
      used = used_before;
    }
    return calls;
  }

  static bool Cheaper(const State& a, const State& b) { return a.cost < b.cost; }

  // The cheapest state for each place and reach, in the order of options. An option has at most
  // kMaxStates of them, so the search for the same one is short.
  std::vector<State> Advance(const std::vector<State>& before, const CallOptions& options) const {
    std::vector<State> states;
    for (CallId option : options) {
      const size_t first = states.size();
      for (size_t from = 0; from < before.size(); ++from) {
        State state = Extend(before[from], option);
        state.from = uint64_t{1} << from;
        const auto same =
            std::find_if(states.begin() + first, states.end(),
                         [&state](const State& other) { return other.reached == state.reached; });
        if (same == states.end()) {
          states.push_back(state);
        } else if (state.cost == same->cost) {
          same->from |= state.from;
        } else if (state.cost < same->cost) {
          *same = state;
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
  Rows<PastState> past_;          // By step.
};

}  // namespace

std::vector<CallOptions> FitCalls(const Hierarchy& hierarchy, absl::Span<const CallOptions> steps,
                                  const std::atomic<bool>* cancelled) {
  return Walk(hierarchy, steps).Run(cancelled);
}

}  // namespace modelexport
