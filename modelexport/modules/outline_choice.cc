#include "modelexport/modules/outline_choice.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace modelexport {
namespace {

constexpr uint32_t kNone = ModuleInstance::kNone;

class Chooser {
 public:
  Chooser(const OwnedGraph& owned, const OutlineCandidates& candidates, const OutlineWish& wish,
          const std::vector<bool>& refused)
      : hierarchy_(owned.hierarchy), all_(candidates), wish_(wish), usable_(refused.size()) {
    for (size_t i = 0; i < usable_.size(); ++i) {
      usable_[i] = !refused[i] && all_.kinds[i] != OutlineCandidates::kNoKind;
    }
    open_ = usable_;
  }

  std::vector<bool> Run() {
    chosen_.resize(open_.size());
    wish_.modules.empty() ? ChooseRepeated() : ChooseModules();
    if (wish_.nested) ChooseBelow();
    LimitDepth();
    return chosen_;
  }

 private:
  const ModuleInstance& instance(size_t i) const { return all_.instances[i]; }

  // Whether one around it, of those that `set` has, is of its kind: it has the same nodes then.
  bool IsWithinItsKind(uint32_t i, const std::vector<bool>& set) const {
    for (uint32_t up = instance(i).parent; up != kNone; up = instance(up).parent) {
      if (set[up] && all_.kinds[up] == all_.kinds[i]) return true;
    }
    return false;
  }

  bool IsCalled(uint32_t i) const {
    if (hierarchy_.calls().empty()) {
      return i > 0 && hierarchy_.module(instance(i).module).MayHaveBeenCalled();
    }
    return instance(i).call.valid();
  }

  void ChooseModules() {
    for (uint32_t i = 0; i < open_.size(); ++i) {
      chosen_[i] =
          open_[i] && wish_.modules[instance(i).module.index()] && !IsWithinItsKind(i, chosen_);
    }
  }

  // The outermost ones, again and again without those that are alone of their kind then: of these
  // the least deep first, as others come to light by that. As often as instances are deep.
  void ChooseRepeated() {
    for (uint32_t i = 0; i < open_.size(); ++i) {
      open_[i] = open_[i] && IsCalled(i) && !IsWithinItsKind(i, open_);
    }
    do {
      ChooseOutermost();
    } while (CloseSingles());
  }

  void ChooseOutermost() {
    std::vector<bool> covered(open_.size());
    for (uint32_t i = 0; i < open_.size(); ++i) {
      const uint32_t up = instance(i).parent;
      covered[i] = up != kNone && (covered[up] || chosen_[up]);
      chosen_[i] = open_[i] && !covered[i];
    }
  }

  bool CloseSingles() {
    absl::flat_hash_map<uint32_t, size_t> counts;
    for (uint32_t i = 0; i < open_.size(); ++i) counts[all_.kinds[i]] += chosen_[i] ? 1 : 0;
    uint32_t least = kNone;
    for (uint32_t i = 0; i < open_.size(); ++i) {
      if (chosen_[i] && counts[all_.kinds[i]] == 1) least = std::min(least, instance(i).depth);
    }
    for (uint32_t i = 0; i < open_.size(); ++i) {
      const bool is_single = chosen_[i] && counts[all_.kinds[i]] == 1;
      if (is_single && instance(i).depth == least) open_[i] = false;
    }
    return least != kNone;
  }

  // Not those that have all the nodes of the one around them.
  void ChooseBelow() {
    std::vector<uint32_t> around(open_.size(), kNone);
    for (uint32_t i = 0; i < open_.size(); ++i) {
      const uint32_t up = instance(i).parent;
      if (up != kNone) around[i] = chosen_[up] ? up : around[up];
      if (around[i] == kNone || !usable_[i] || !IsCalled(i)) continue;
      if (all_.blocks[i].nodes.size() < all_.blocks[around[i]].nodes.size()) chosen_[i] = true;
    }
  }

  void LimitDepth() {
    std::vector<int> depth(open_.size());
    for (uint32_t i = 0; i < open_.size(); ++i) {
      const uint32_t up = instance(i).parent;
      depth[i] = up == kNone ? 0 : depth[up] + (chosen_[up] ? 1 : 0);
      chosen_[i] = chosen_[i] && depth[i] < kMaxOutlineDepth;
    }
  }

  const Hierarchy& hierarchy_;
  const OutlineCandidates& all_;
  const OutlineWish& wish_;
  std::vector<bool> usable_;
  std::vector<bool> open_;  // Those that may still be chosen.
  std::vector<bool> chosen_;
};

}  // namespace

std::vector<bool> ChooseInstances(const OwnedGraph& owned, const OutlineCandidates& candidates,
                                  const OutlineWish& wish, const std::vector<bool>& refused) {
  return Chooser(owned, candidates, wish, refused).Run();
}

}  // namespace modelexport
