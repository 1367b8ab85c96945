#include "modelexport/render/substrings.h"

namespace modelexport {

SubstringFinder::SubstringFinder(absl::Span<const absl::string_view> texts) : states_(1) {
  for (absl::string_view text : texts) {
    uint32_t state = 0;
    for (const char byte : text) state = Add(state, byte);
    states_[state].ends = true;
  }
  LinkFailures();
}

uint32_t SubstringFinder::Add(uint32_t state, char byte) {
  const uint32_t made = static_cast<uint32_t>(states_.size());
  const auto found = next_.emplace(std::make_pair(state, byte), made);
  if (found.second) states_.push_back({state, byte, 0, false});
  return found.first->second;
}

// Failures lead to shorter beginnings: each step but the last undoes one of an earlier byte.
uint32_t SubstringFinder::Follow(uint32_t state, char byte) const {
  while (true) {
    const auto found = next_.find({state, byte});
    if (found != next_.end()) return found->second;
    if (state == 0) return 0;
    state = states_[state].failure;
  }
}

// Shorter beginnings first, as the failure of one follows from that of its parent.
void SubstringFinder::LinkFailures() {
  std::vector<uint32_t> depths(states_.size());
  std::vector<std::vector<uint32_t>> by_depth(1);
  for (uint32_t s = 1; s < states_.size(); ++s) {
    depths[s] = depths[states_[s].parent] + 1;
    if (by_depth.size() <= depths[s]) by_depth.emplace_back();
    by_depth[depths[s]].push_back(s);
  }
  for (const std::vector<uint32_t>& states : by_depth) {
    for (uint32_t s : states) {
      State& state = states_[s];
      if (state.parent != 0) state.failure = Follow(states_[state.parent].failure, state.byte);
      state.ends = state.ends || states_[state.failure].ends;
    }
  }
}

bool SubstringFinder::IsAnyIn(absl::string_view text) const {
  uint32_t state = 0;
  for (const char byte : text) {
    state = Follow(state, byte);
    if (states_[state].ends) return true;
  }
  return false;
}

}  // namespace modelexport
