#include "modelexport/resolution/resolver.h"

#include <algorithm>

#include "absl/types/span.h"
#include "modelexport/resolution/call_tree.h"
#include "modelexport/resolution/call_walk.h"
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
    if (!in_doubt_.empty()) SettleDoubts();
    return std::move(resolution_);
  }

 private:
  struct Doubt {
    NodeId node;
    std::vector<Candidate> options;
  };

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
    owner.evidence = strategy_.matchers[best]->kind();
    std::vector<Candidate> options(spans_[best].begin(), spans_[best].end());
    if (options[0].exact) CompareWithWeaker(node, best, &options);
    if (options.size() == 1) {
      owner.module = options[0].module;
      owner.call = options[0].call;
    } else {
      in_doubt_.push_back({node, std::move(options)});
    }
  }

  // All nodes lie within the root: who says no more has said nothing.
  static bool IsWithinRoot(absl::Span<const Candidate> candidates) {
    return std::any_of(candidates.begin(), candidates.end(), [](const Candidate& candidate) {
      return !candidate.exact && candidate.module == Hierarchy::root();
    });
  }

  void CompareWithWeaker(NodeId node, size_t best, std::vector<Candidate>* options) {
    for (size_t m = best + 1; m < spans_.size(); ++m) {
      if (spans_[m].empty() || !spans_[m][0].exact) continue;
      std::vector<Candidate> common;
      for (const Candidate& option : *options) {
        for (const Candidate& other : spans_[m]) {
          if (option.module != other.module) continue;
          if (option.call.valid() && other.call.valid() && option.call != other.call) continue;
          common.push_back(option.call.valid() ? option : other);
        }
      }
      if (!common.empty()) {
        *options = std::move(common);
      } else if (strategy_.matchers[m]->kind() <= kWeakestStrong &&
                 !NameSameModule(*options, spans_[m])) {
        resolution_.conflicts.push_back({node, strategy_.matchers[best]->kind(),
                                         strategy_.matchers[m]->kind(), (*options)[0].module,
                                         spans_[m][0].module});
      }
    }
  }

  static bool NameSameModule(absl::Span<const Candidate> a, absl::Span<const Candidate> b) {
    return std::any_of(a.begin(), a.end(), [b](const Candidate& x) {
      return std::any_of(b.begin(), b.end(),
                         [&x](const Candidate& y) { return x.module == y.module; });
    });
  }

  void SettleDoubts() {
    const CallTree calls(context_.hierarchy);
    auto doubt = in_doubt_.begin();
    for (const wire::GraphRecord& graph : context_.graph.index().graphs()) {
      const size_t end = graph.first_node + graph.num_nodes;
      auto last = doubt;
      while (last != in_doubt_.end() && last->node.index() < end) ++last;
      if (doubt != last) SettleGraph(graph, absl::MakeSpan(&*doubt, last - doubt), calls);
      doubt = last;
    }
  }

  // The steps of one graph's walk, and the nodes that wait for what it chooses.
  struct Walk {
    std::vector<CallOptions> steps;
    std::vector<std::pair<const Doubt*, size_t>> doubts;  // With the number of the step.
  };

  void SettleGraph(const wire::GraphRecord& graph, absl::Span<const Doubt> doubts,
                   const CallTree& calls) {
    Walk walk;
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      if (!doubts.empty() && doubts[0].node.index() == n) {
        AddDoubt(doubts[0], &walk);
        doubts.remove_prefix(1);
        continue;
      }
      const Owner& owner = resolution_.owners[n];
      if (owner.evidence == EvidenceKind::kNone) continue;
      const CallId call = calls.PlaceOf(owner.module, owner.call).call;
      if (call.valid()) walk.steps.push_back({call});
    }
    const std::vector<size_t> chosen = ChooseCalls(context_.hierarchy, walk.steps);
    for (const auto& [doubt, step] : walk.doubts) {
      Owner& owner = resolution_.owners[doubt->node.index()];
      owner.call = walk.steps[step][chosen[step]];
      owner.module = context_.hierarchy.call(owner.call).module;
    }
  }

  // Where a call is unknown, the walk cannot decide.
  void AddDoubt(const Doubt& doubt, Walk* walk) {
    CallOptions calls;
    for (const Candidate& option : doubt.options) {
      if (option.call.valid()) calls.push_back(option.call);
    }
    if (calls.size() < doubt.options.size()) {
      TakeCommonAncestor(doubt);
      return;
    }
    std::sort(calls.begin(), calls.end());
    if (!ContinuesStep(doubt, calls, *walk)) walk->steps.push_back(std::move(calls));
    walk->doubts.emplace_back(&doubt, walk->steps.size() - 1);
  }

  // Neighbours that are in doubt between the same calls of one module have one scope, and are in
  // one call.
  static bool ContinuesStep(const Doubt& doubt, const CallOptions& calls, const Walk& walk) {
    if (walk.doubts.empty() || walk.doubts.back().second + 1 != walk.steps.size()) return false;
    const ModuleId module = doubt.options[0].module;
    return walk.steps.back() == calls &&
           std::all_of(doubt.options.begin(), doubt.options.end(),
                       [module](const Candidate& option) { return option.module == module; });
  }

  void TakeCommonAncestor(const Doubt& doubt) {
    Owner& owner = resolution_.owners[doubt.node.index()];
    owner.module = doubt.options[0].module;
    for (const Candidate& option : doubt.options) {
      owner.module = context_.hierarchy.CommonAncestor(owner.module, option.module);
    }
    // Evidence that allows everything restricted nothing.
    const bool named = std::any_of(doubt.options.begin(), doubt.options.end(),
                                   [&](const Candidate& o) { return o.module == owner.module; });
    if (owner.module == Hierarchy::root() && !named) owner.evidence = EvidenceKind::kNone;
  }

  const MatchContext& context_;
  const Strategy& strategy_;
  const std::vector<MatchResult>& results_;
  std::vector<size_t> next_;                        // By matcher: first candidate not used.
  std::vector<absl::Span<const Candidate>> spans_;  // By matcher: those of the node at hand.
  std::vector<Doubt> in_doubt_;
  Resolution resolution_;
};

}  // namespace

Resolution Resolve(const MatchContext& context, const Strategy& strategy,
                   const std::vector<MatchResult>& results) {
  Resolution resolution = Resolver(context, strategy, results).Run();
  // Before functions: what lies between nodes of a body is as relative as they are.
  SpreadAlongFlow(context, &resolution.owners);
  PlaceFunctionBodies(context, &resolution.owners);
  return resolution;
}

}  // namespace modelexport
