#include "modelexport/resolution/doubts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/types/span.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/hierarchy/call_tree.h"
#include "modelexport/resolution/call_walk.h"

namespace modelexport {
namespace {

// Splitting takes the cube of a run's length.
constexpr size_t kMaxRun = 256;

// The operators of a call, in order. Constants are left out: exporters merge and drop them.
using Operators = std::vector<StringId>;

class Settler {
 public:
  Settler(const MatchContext& context, std::vector<Owner>* owners)
      : context_(context),
        graph_(context.graph),
        hierarchy_(context.hierarchy),
        calls_(context.hierarchy),
        owners_(*owners),
        in_doubt_(owners->size()) {}

  void Run(const std::vector<Doubt>& doubts) {
    for (const Doubt& doubt : doubts) in_doubt_[doubt.node.index()] = true;
    LearnOperators();
    absl::Span<const Doubt> rest = absl::MakeSpan(doubts);
    for (const GraphRecord& graph : graph_.index().graphs()) {
      const size_t end = graph.first_node + graph.num_nodes;
      size_t count = 0;
      while (count < rest.size() && rest[count].node.index() < end) ++count;
      if (count > 0) SettleGraph(graph, rest.subspan(0, count));
      rest.remove_prefix(count);
    }
  }

 private:
  // Neighbours in doubt between the same calls, and the number of their step in the walk.
  struct DoubtRun {
    std::vector<const Doubt*> doubts;
    size_t step;
  };

  static bool IsConstant(absl::string_view op_type) { return op_type == "Constant"; }

  // From a call of each module whose nodes are settled, the first with any.
  void LearnOperators() {
    std::map<size_t, Operators> by_call;
    for (size_t n = 0; n < owners_.size(); ++n) {
      if (EndsEarly(context_, n)) return;
      const CallId call = calls_.PlaceOf(owners_[n].module, owners_[n].call).call;
      if (in_doubt_[n] || owners_[n].evidence == EvidenceKind::kNone || !call.valid()) continue;
      if (IsConstant(graph_.op_type(NodeId(n)))) continue;
      by_call[call.index()].push_back(graph_.index().nodes()[n].op_type);
    }
    for (auto& [call, operators] : by_call) {
      operators_of_.emplace(hierarchy_.calls()[call].module.index(), std::move(operators));
    }
  }

  void SettleGraph(const GraphRecord& graph, absl::Span<const Doubt> doubts) {
    std::vector<CallOptions> steps;
    std::vector<DoubtRun> runs;
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      if (EndsEarly(context_, n)) return;
      if (!doubts.empty() && doubts[0].node.index() == n) {
        AddDoubt(doubts[0], &steps, &runs);
        doubts.remove_prefix(1);
        continue;
      }
      if (owners_[n].evidence == EvidenceKind::kNone) continue;
      const CallId call = calls_.PlaceOf(owners_[n].module, owners_[n].call).call;
      if (!call.valid()) continue;
      if (steps.empty() || steps.back() != CallOptions{call}) steps.push_back({call});
    }
    const std::vector<CallOptions> fitting = FitCalls(hierarchy_, steps, context_.cancelled());
    for (const DoubtRun& run : runs) {
      if (IsCancelled(context_.cancelled())) return;
      SettleRun(run.doubts, fitting[run.step]);
    }
  }

  void AddDoubt(const Doubt& doubt, std::vector<CallOptions>* steps, std::vector<DoubtRun>* runs) {
    CallOptions calls;
    for (const Candidate& option : doubt.options) {
      if (option.call.valid()) calls.push_back(option.call);
    }
    if (calls.size() < doubt.options.size()) {
      TakeModuleAround(doubt);
      return;
    }
    std::sort(calls.begin(), calls.end());
    const bool continues =
        !runs->empty() && runs->back().step + 1 == steps->size() && steps->back() == calls;
    if (!continues) {
      steps->push_back(std::move(calls));
      runs->push_back({{}, steps->size() - 1});
    }
    runs->back().doubts.push_back(&doubt);
  }

  void SettleRun(const std::vector<const Doubt*>& run, const CallOptions& calls) {
    std::vector<CallId> owner_calls;
    if (calls.size() == 1) {
      owner_calls.assign(run.size(), calls[0]);
    } else if (calls.size() == run.size() && HasOneOperator(run)) {
      owner_calls = calls;
    } else {
      owner_calls = SplitByOperators(run, calls);
    }
    for (size_t i = 0; i < run.size(); ++i) {
      if (owner_calls.empty()) {
        TakePlaceAround(*run[i], calls);
      } else {
        Take(run[i]->node, {hierarchy_.call(owner_calls[i]).module, owner_calls[i]});
      }
    }
  }

  bool HasOneOperator(const std::vector<const Doubt*>& run) const {
    return std::all_of(run.begin(), run.end(), [&](const Doubt* doubt) {
      return graph_.op_type(doubt->node) == graph_.op_type(run[0]->node);
    });
  }

  // The call of each node of the run, if there is just one way to split it; else empty.
  std::vector<CallId> SplitByOperators(const std::vector<const Doubt*>& run,
                                       const CallOptions& calls) const {
    Operators operators;
    for (const Doubt* doubt : run) {
      if (IsConstant(graph_.op_type(doubt->node))) continue;
      operators.push_back(graph_.index().node(doubt->node).op_type);
    }
    const std::vector<size_t> ends = OnlyCut(operators, calls);
    if (ends.empty()) return {};
    std::vector<CallId> owner_calls;
    size_t part = 0;
    size_t seen = 0;
    for (const Doubt* doubt : run) {
      if (seen == ends[part] && part + 1 < ends.size()) ++part;
      owner_calls.push_back(calls[part]);
      seen += !IsConstant(graph_.op_type(doubt->node));
    }
    return owner_calls;
  }

  // Where the part of each call ends, if there is just one way to cut `operators` into parts; else
  // empty. The operators of one module may be unknown: its part is any that is not empty.
  std::vector<size_t> OnlyCut(const Operators& operators, const CallOptions& calls) const {
    const auto unknown = std::count_if(calls.begin(), calls.end(), [&](CallId call) {
      return operators_of_.count(hierarchy_.call(call).module.index()) == 0;
    });
    if (unknown > 1 || operators.size() > kMaxRun) return {};
    // ways[c][b]: how often calls[c...] can share operators[b...], counted up to 2.
    const size_t size = operators.size();
    std::vector<std::vector<int>> ways(calls.size() + 1, std::vector<int>(size + 1));
    ways[calls.size()][size] = 1;
    for (size_t c = calls.size(); c-- > 0;) {
      for (size_t begin = 0; begin < size; ++begin) {
        for (size_t end = begin + 1; end <= size; ++end) {
          if (ways[c + 1][end] == 0 || !IsPart(operators, begin, end, calls[c])) continue;
          ways[c][begin] = std::min(2, ways[c][begin] + ways[c + 1][end]);
        }
      }
    }
    std::vector<size_t> ends;
    for (size_t c = 0, at = 0; ways[0][0] == 1 && c < calls.size(); ++c) {
      size_t end = at + 1;
      while (ways[c + 1][end] == 0 || !IsPart(operators, at, end, calls[c])) ++end;
      ends.push_back(end);
      at = end;
    }
    return ends;
  }

  bool IsPart(const Operators& operators, size_t begin, size_t end, CallId call) const {
    const auto known = operators_of_.find(hierarchy_.call(call).module.index());
    if (known == operators_of_.end()) return true;
    return end - begin == known->second.size() &&
           std::equal(known->second.begin(), known->second.end(), operators.begin() + begin);
  }

  void TakePlaceAround(const Doubt& doubt, const CallOptions& calls) {
    const ModuleId module = hierarchy_.call(calls[0]).module;
    const bool one_module = std::all_of(calls.begin(), calls.end(), [&](CallId call) {
      return hierarchy_.call(call).module == module;
    });
    if (one_module) return Take(doubt.node, {module, CallId()});
    CallSite around{module, calls[0]};
    for (CallId call : calls) around = calls_.Around(around, {hierarchy_.call(call).module, call});
    Take(doubt.node, around);
    ForgetTheRoot(doubt);
  }

  void TakeModuleAround(const Doubt& doubt) {
    Take(doubt.node, {hierarchy_.CommonAncestor(doubt.options), CallId()});
    ForgetTheRoot(doubt);
  }

  // Evidence that allows everything restricted nothing, unless it names the root itself.
  void ForgetTheRoot(const Doubt& doubt) {
    Owner& owner = owners_[doubt.node.index()];
    const bool named =
        std::any_of(doubt.options.begin(), doubt.options.end(),
                    [&owner](const Candidate& o) { return o.module == owner.module; });
    if (owner.module != Hierarchy::root() || named) return;
    owner.evidence = EvidenceKind::kNone;
    owner.call = CallId();
  }

  void Take(NodeId node, const CallSite& place) {
    owners_[node.index()].module = place.module;
    owners_[node.index()].call = place.call;
  }

  const MatchContext& context_;
  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  const CallTree calls_;
  std::vector<Owner>& owners_;
  std::vector<bool> in_doubt_;
  std::map<size_t, Operators> operators_of_;  // By module.
};

}  // namespace

void SettleDoubts(const MatchContext& context, const std::vector<Doubt>& doubts,
                  std::vector<Owner>* owners) {
  if (!doubts.empty()) Settler(context, owners).Run(doubts);
}

}  // namespace modelexport
