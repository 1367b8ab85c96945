#include "modelexport/resolution/resolver.h"

#include <algorithm>
#include <utility>

#include "absl/types/span.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/large_pages.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/flow_sides.h"
#include "modelexport/hierarchy/call_tree.h"
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
      : context_(context),
        calls_(context.hierarchy),
        has_tensors_(!context.hierarchy.tensors().empty()) {
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
    RestrictAligned();
    SettleDoubts(context_, in_doubt_, &resolution_.owners);
    return std::move(resolution_);
  }

  // Where nodes got their owners from others that an alignment named, it is within what is proved
  // without these.
  void KeepWithinBounds(std::vector<Owner>* owners) const {
    for (const auto& [node, bound] : bounds_) {
      Owner& owner = (*owners)[node.index()];
      const bool from_flow =
          owner.evidence == EvidenceKind::kDataflow || owner.evidence == EvidenceKind::kNone;
      if (!from_flow || calls_.IsWithin({owner.module, owner.call}, bound)) continue;
      owner.module = bound.module;
      owner.call = bound.call;
      owner.evidence = EvidenceKind::kDataflow;
    }
  }

  std::vector<Candidate> Strong() {
    resolution_.owners.resize(context_.graph.num_nodes());
    std::vector<Candidate> strong;
    for (size_t i = 0; i < resolution_.owners.size(); ++i) {
      if (EndsEarly(context_, i)) break;
      ChooseFor(NodeId(i));
      if (first_ == kNothing || !IsStrong(kinds_[first_])) continue;
      // What weaker kinds chose below it is not settled.
      if (!IsStrong(resolution_.owners[i].evidence)) options_ = spans_[first_];
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
  static constexpr size_t kNothing = static_cast<size_t>(-1);

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
    first_ = kNothing;
    for (size_t m = 0; m < spans_.size(); ++m) {
      spans_[m] = CandidatesFor(m, node);
      if (IsWithinRoot(spans_[m])) spans_[m] = {};
      if (first_ == kNothing && !spans_[m].empty()) first_ = m;
    }
    Owner& owner = resolution_.owners[node.index()];
    owner.module = Hierarchy::root();
    if (first_ == kNothing) return;
    options_ = spans_[first_];
    const size_t best = Narrow(node);
    owner.evidence = kinds_[best];
    if (options_.size() == 1) {
      owner.module = options_[0].module;
      owner.call = options_[0].call;
      owner.evidence = StrongestToName(owner.module, best);
      if (IsAlignment(first_)) aligned_.push_back(node);
    } else {
      in_doubt_.push_back({node, {options_.begin(), options_.end()}});
    }
  }

  bool IsAlignment(size_t m) const { return FactsOf(kinds_[m]).basis == EvidenceBasis::kAlignment; }

  // Leaves of options_, which are those of first_, what weaker kinds allow for. Returns the last
  // kind that chose among them, or went below them.
  size_t Narrow(NodeId node) {
    size_t best = first_;
    for (size_t m = first_ + 1; m < spans_.size(); ++m) {
      if (IsStrong(kinds_[best]) && options_[0].exact) {
        CompareWithWeaker(node, best);
        return best;
      }
      if (spans_[m].empty()) continue;
      if (options_[0].exact && !IsAlignment(m)) {
        if (spans_[m][0].exact) TakeCommon(spans_[m]);
      } else if (IsStrong(kinds_[m]) && spans_[m][0].exact) {
        options_ = spans_[m];
        best = m;
      } else if (TakeWithin(spans_[m])) {
        best = m;
      }
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

  // Whether any of `others` is one of options_ or within one; these are then what is left. An
  // operator that reads a tensor may be computed before, and its result be stored in place of the
  // tensor. So an alignment may also name what is around one of exact options_: nothing stronger
  // than tensors is asked here if options_ are exact. In a hierarchy without tensors the alignment
  // does not know who reads what.
  bool TakeWithin(absl::Span<const Candidate> others) {
    std::vector<Candidate>& within = Spare();
    within.clear();
    for (const Candidate& other : others) {
      const auto agrees = [&](const Candidate& option) {
        const CallSite here{option.module, option.call}, there{other.module, other.call};
        if (calls_.IsWithin(there, here)) return true;
        return option.exact && other.exact && has_tensors_ && calls_.IsWithin(here, there);
      };
      const auto option = std::find_if(options_.begin(), options_.end(), agrees);
      if (option == options_.end()) continue;
      within.push_back(other);
      if (option->module == other.module && !other.call.valid()) within.back().call = option->call;
    }
    if (within.empty()) return false;
    options_ = within;
    return true;
  }

  // Whether options_ and `others` have any in common, which are then what is left.
  bool TakeCommon(absl::Span<const Candidate> others) {
    std::vector<Candidate>& common = Spare();
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

  // The one of common_ that options_ does not lie in.
  std::vector<Candidate>& Spare() {
    return options_.data() == common_[0].data() ? common_[1] : common_[0];
  }

  // Nothing but the alignment names the owners of aligned_. Those that ran elsewhere, as the flow
  // of data between all other nodes proves, lose them.
  void RestrictAligned() {
    if (aligned_.empty() || IsCancelled(context_.cancelled())) return;
    std::vector<CallSite> known(resolution_.owners.size());
    for (size_t n = 0; n < known.size(); ++n) {
      const Owner& owner = resolution_.owners[n];
      if (owner.evidence != EvidenceKind::kNone)
        known[n] = calls_.PlaceOf(owner.module, owner.call);
    }
    for (const Doubt& doubt : in_doubt_) {
      known[doubt.node.index()] = {context_.hierarchy.CommonAncestor(doubt.options), CallId()};
    }
    for (NodeId node : aligned_) known[node.index()] = CallSite();
    const FlowSides sides(context_.graph, calls_, known, context_.cancelled());
    for (NodeId node : aligned_) {
      Owner& owner = resolution_.owners[node.index()];
      const CallSite bound = sides.Between(node);
      if (!bound.valid() || calls_.IsWithin({owner.module, owner.call}, bound)) continue;
      owner = Owner();
      owner.module = Hierarchy::root();
    }
    for (size_t n = 0; n < known.size(); ++n) {
      if (resolution_.owners[n].evidence != EvidenceKind::kNone) continue;
      const CallSite bound = sides.Between(NodeId(n));
      if (bound.valid() && bound.module != Hierarchy::root()) bounds_.push_back({NodeId(n), bound});
    }
  }

  static bool NameSameModule(absl::Span<const Candidate> a, absl::Span<const Candidate> b) {
    return std::any_of(a.begin(), a.end(), [b](const Candidate& x) {
      return std::any_of(b.begin(), b.end(),
                         [&x](const Candidate& y) { return x.module == y.module; });
    });
  }

  const MatchContext& context_;
  const CallTree calls_;
  const bool has_tensors_;
  // By matcher, of those that have candidates:
  std::vector<EvidenceKind> kinds_;
  std::vector<absl::Span<const Candidate>> left_;   // those of later nodes,
  std::vector<absl::Span<const Candidate>> spans_;  // and those of the node at hand.
  size_t first_ = kNothing;                         // The strongest that has any for that.
  absl::Span<const Candidate> options_;             // Of the node at hand: in one of spans_ or
  std::vector<Candidate> common_[2];                // of these.
  std::vector<Doubt> in_doubt_;
  std::vector<NodeId> aligned_;
  std::vector<std::pair<NodeId, CallSite>> bounds_;  // Of nodes that nothing names.
  Resolution resolution_;
};

}  // namespace

std::vector<Candidate> StrongEvidence(const MatchContext& context, const Strategy& strategy,
                                      const std::vector<MatchResult>& results) {
  return Resolver(context, strategy, results).Strong();
}

Resolution Resolve(const MatchContext& context, const Strategy& strategy,
                   const std::vector<MatchResult>& results) {
  Resolver resolver(context, strategy, results);
  Resolution resolution = resolver.Run();
  if (IsCancelled(context.cancelled())) return resolution;
  OwnInsertedReshapes(context, &resolution.owners);
  // Before functions: what lies between nodes of a body is as relative as they are.
  SpreadAlongFlow(context, &resolution.owners);
  resolver.KeepWithinBounds(&resolution.owners);
  PlaceFunctionBodies(context, &resolution.owners);
  return resolution;
}

}  // namespace modelexport
