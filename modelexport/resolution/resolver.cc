#include "modelexport/resolution/resolver.h"

#include <algorithm>

#include "absl/types/span.h"
#include "modelexport/resolution/doubts.h"
#include "modelexport/resolution/flow.h"
#include "modelexport/resolution/function_owners.h"

namespace modelexport {
namespace {

// Kinds from here up say where a node ran. Weaker ones see only what it reads, which differs from
// the owner in models as they are: a parent that uses its child's weight, a folded BatchNorm.
constexpr EvidenceKind kWeakestStrong = EvidenceKind::kFxName;

class Resolver {
 public:
  Resolver(const MatchContext& context, const Strategy& strategy,
           const std::vector<MatchResult>& results)
      : context_(context), strategy_(strategy), results_(results), next_(results.size()) {}

  Resolution Run() {
    resolution_.owners.resize(context_.graph.num_nodes());
    for (size_t i = 0; i < resolution_.owners.size(); ++i) ChooseFor(NodeId(i));
    SettleDoubts(context_, in_doubt_, &resolution_.owners);
    return std::move(resolution_);
  }

  std::vector<Candidate> Strong() {
    resolution_.owners.resize(context_.graph.num_nodes());
    std::vector<Candidate> strong;
    for (size_t i = 0; i < resolution_.owners.size(); ++i) {
      ChooseFor(NodeId(i));
      if (resolution_.owners[i].evidence > kWeakestStrong) continue;
      ModuleId around = options_[0].module;
      for (const Candidate& option : options_) {
        around = context_.hierarchy.CommonAncestor(around, option.module);
      }
      const CallId call = options_.size() == 1 ? options_[0].call : CallId();
      const bool same = std::all_of(options_.begin(), options_.end(),
                                    [&](const Candidate& o) { return o.module == around; });
      const OpId op = options_.size() == 1 ? options_[0].op : OpId();
      strong.push_back({NodeId(i), around, call, options_[0].exact && same, op});
    }
    return strong;
  }

 private:
  // The candidates of one matcher for a node. Nodes must be asked for in order.
  absl::Span<const Candidate> CandidatesFor(size_t matcher, NodeId node) {
    const std::vector<Candidate>& all = results_[matcher].candidates;
    const size_t first = next_[matcher];
    size_t last = first;
    while (last < all.size() && all[last].node == node) ++last;
    next_[matcher] = last;
    return absl::MakeSpan(all).subspan(first, last - first);
  }

  void ChooseFor(NodeId node) {
    constexpr size_t kNothing = static_cast<size_t>(-1);
    size_t best = kNothing;
    spans_.clear();
    for (size_t m = 0; m < results_.size(); ++m) {
      spans_.push_back(CandidatesFor(m, node));
      if (spans_[m].empty() || IsWithinRoot(spans_[m])) continue;
      if (best == kNothing || (spans_[m][0].exact && !spans_[best][0].exact)) best = m;
    }
    Owner& owner = resolution_.owners[node.index()];
    owner.module = Hierarchy::root();
    if (best == kNothing) return;
    if (strategy_.matchers[best]->kind() > kWeakestStrong) best = PreferTrace(best);
    owner.evidence = strategy_.matchers[best]->kind();
    options_ = spans_[best];
    if (options_[0].exact) CompareWithWeaker(node, best);
    if (options_.size() == 1) {
      owner.module = options_[0].module;
      owner.call = options_[0].call;
      owner.evidence = StrongestToName(owner.module, best);
    } else {
      in_doubt_.push_back({node, {options_.begin(), options_.end()}});
    }
  }

  // The trace sees all that weak kinds see, and what is around.
  size_t PreferTrace(size_t best) const {
    for (size_t m = best + 1; m < spans_.size(); ++m) {
      if (strategy_.matchers[m]->kind() == EvidenceKind::kTrace && !spans_[m].empty()) return m;
    }
    return best;
  }

  // The strongest kind down to `best` that names `module` exactly.
  EvidenceKind StrongestToName(ModuleId module, size_t best) const {
    for (size_t m = 0; m < best; ++m) {
      for (const Candidate& candidate : spans_[m]) {
        if (candidate.exact && candidate.module == module) return strategy_.matchers[m]->kind();
      }
    }
    return strategy_.matchers[best]->kind();
  }

  // All nodes lie within the root: who says no more has said nothing.
  static bool IsWithinRoot(absl::Span<const Candidate> candidates) {
    return std::any_of(candidates.begin(), candidates.end(), [](const Candidate& candidate) {
      return !candidate.exact && candidate.module == Hierarchy::root();
    });
  }

  // Leaves of options_ those that each weaker kind allows for, if that leaves any.
  void CompareWithWeaker(NodeId node, size_t best) {
    for (size_t m = best + 1; m < spans_.size(); ++m) {
      if (spans_[m].empty() || !spans_[m][0].exact) continue;
      if (TakeCommon(spans_[m])) continue;
      if (strategy_.matchers[m]->kind() <= kWeakestStrong && !NameSameModule(options_, spans_[m])) {
        resolution_.conflicts.push_back({node, strategy_.matchers[best]->kind(),
                                         strategy_.matchers[m]->kind(), options_[0].module,
                                         spans_[m][0].module});
      }
    }
  }

  // Whether options_ and `others` have any in common, which are then what is left.
  bool TakeCommon(absl::Span<const Candidate> others) {
    std::vector<Candidate>& common = options_.data() == common_[0].data() ? common_[1] : common_[0];
    common.clear();
    for (const Candidate& option : options_) {
      for (const Candidate& other : others) {
        if (option.module != other.module) continue;
        if (option.call.valid() && other.call.valid() && option.call != other.call) continue;
        common.push_back(option.call.valid() ? option : other);
      }
    }
    if (common.empty()) return false;
    options_ = common;
    return true;
  }

  static bool NameSameModule(absl::Span<const Candidate> a, absl::Span<const Candidate> b) {
    return std::any_of(a.begin(), a.end(), [b](const Candidate& x) {
      return std::any_of(b.begin(), b.end(),
                         [&x](const Candidate& y) { return x.module == y.module; });
    });
  }

  const MatchContext& context_;
  const Strategy& strategy_;
  const std::vector<MatchResult>& results_;
  std::vector<size_t> next_;                        // By matcher: first candidate not used.
  std::vector<absl::Span<const Candidate>> spans_;  // By matcher: those of the node at hand.
  absl::Span<const Candidate> options_;             // Of the node at hand: in one of spans_ or
  std::vector<Candidate> common_[2];                // of these.
  std::vector<Doubt> in_doubt_;
  Resolution resolution_;
};

}  // namespace

std::vector<Candidate> StrongEvidence(const MatchContext& context, const Strategy& strategy,
                                      const std::vector<MatchResult>& results) {
  return Resolver(context, strategy, results).Strong();
}

Resolution Resolve(const MatchContext& context, const Strategy& strategy,
                   const std::vector<MatchResult>& results) {
  Resolution resolution = Resolver(context, strategy, results).Run();
  // Before functions: what lies between nodes of a body is as relative as they are.
  SpreadAlongFlow(context, &resolution.owners);
  PlaceFunctionBodies(context, &resolution.owners);
  return resolution;
}

}  // namespace modelexport
