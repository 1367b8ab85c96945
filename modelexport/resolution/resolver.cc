#include "modelexport/resolution/resolver.h"

#include <algorithm>

#include "absl/types/span.h"
#include "modelexport/base/large_pages.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/resolution/doubts.h"
#include "modelexport/resolution/flow.h"
#include "modelexport/resolution/function_owners.h"
#include "modelexport/resolution/inserted_reshapes.h"

namespace modelexport {
namespace {

class Resolver {
 public:
  Resolver(const MatchContext& context, const Strategy& strategy,
           const std::vector<MatchResult>& results)
      : context_(context) {
    for (size_t m = 0; m < results.size(); ++m) {
      if (results[m].candidates.empty()) continue;
      kinds_.push_back(strategy.matchers[m]->kind());
      left_.push_back(results[m].candidates);
    }
    spans_.resize(kinds_.size());
  }

  Resolution Run() {
    ResizeInLargePages(context_.graph.num_nodes(), &resolution_.owners);
    for (size_t i = 0; i < resolution_.owners.size(); ++i) {
      if (EndsEarly(context_, i)) return Unfinished();
      ChooseFor(NodeId(i));
    }
    SettleDoubts(context_, in_doubt_, &resolution_.owners);
    return std::move(resolution_);
  }

  std::vector<Candidate> Strong() {
    resolution_.owners.resize(context_.graph.num_nodes());
    std::vector<Candidate> strong;
    for (size_t i = 0; i < resolution_.owners.size(); ++i) {
      if (EndsEarly(context_, i)) break;
      ChooseFor(NodeId(i));
      if (!IsStrong(resolution_.owners[i].evidence)) continue;
      const ModuleId around = context_.hierarchy.CommonAncestor(options_);
      const CallId call = options_.size() == 1 ? options_[0].call : CallId();
      const bool same = std::all_of(options_.begin(), options_.end(),
                                    [&](const Candidate& o) { return o.module == around; });
      const OpId op = options_.size() == 1 ? options_[0].op : OpId();
      strong.push_back({NodeId(i), around, call, options_[0].exact && same, op});
    }
    return strong;
  }

 private:
  // Gives the nodes that are not yet settled to the root.
  Resolution Unfinished() {
    for (Owner& owner : resolution_.owners) {
      if (!owner.module.valid()) owner.module = Hierarchy::root();
    }
    return std::move(resolution_);
  }

  // The candidates of one matcher for a node. Nodes must be asked for in order.
  absl::Span<const Candidate> CandidatesFor(size_t matcher, NodeId node) {
    absl::Span<const Candidate>& left = left_[matcher];
    size_t count = 0;
    while (count < left.size() && left[count].node == node) ++count;
    const absl::Span<const Candidate> candidates(left.data(), count);
    left.remove_prefix(count);
    return candidates;
  }

  void ChooseFor(NodeId node) {
    constexpr size_t kNothing = static_cast<size_t>(-1);
    size_t best = kNothing;
    for (size_t m = 0; m < spans_.size(); ++m) {
      spans_[m] = CandidatesFor(m, node);
      if (spans_[m].empty() || IsWithinRoot(spans_[m])) continue;
      if (best == kNothing || (spans_[m][0].exact && !spans_[best][0].exact)) best = m;
    }
    Owner& owner = resolution_.owners[node.index()];
    owner.module = Hierarchy::root();
    if (best == kNothing) return;
    if (!IsStrong(kinds_[best])) best = PreferAlignment(best);
    owner.evidence = kinds_[best];
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

  // An alignment sees all that other weak kinds see, and what is around.
  size_t PreferAlignment(size_t best) const {
    for (size_t m = best + 1; m < spans_.size(); ++m) {
      const EvidenceBasis basis = FactsOf(kinds_[m]).basis;
      if (basis == EvidenceBasis::kAlignment && !spans_[m].empty()) return m;
    }
    return best;
  }

  // The strongest kind down to `best` that names `module` exactly.
  EvidenceKind StrongestToName(ModuleId module, size_t best) const {
    for (size_t m = 0; m < best; ++m) {
      for (const Candidate& candidate : spans_[m]) {
        if (candidate.exact && candidate.module == module) return kinds_[m];
      }
    }
    return kinds_[best];
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
      if (IsStrong(kinds_[m]) && !NameSameModule(options_, spans_[m])) {
        resolution_.conflicts.push_back(
            {node, kinds_[best], kinds_[m], options_[0].module, spans_[m][0].module});
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
  // By matcher, of those that have candidates:
  std::vector<EvidenceKind> kinds_;
  std::vector<absl::Span<const Candidate>> left_;   // those of later nodes,
  std::vector<absl::Span<const Candidate>> spans_;  // and those of the node at hand.
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
  if (IsCancelled(context.cancelled())) return resolution;
  OwnInsertedReshapes(context, &resolution.owners);
  // Before functions: what lies between nodes of a body is as relative as they are.
  SpreadAlongFlow(context, &resolution.owners);
  PlaceFunctionBodies(context, &resolution.owners);
  return resolution;
}

}  // namespace modelexport
