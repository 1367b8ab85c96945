#include "modelexport/evidence/names/op_flow.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/op_kinds.h"
#include "modelexport/evidence/names/op_renumbering.h"

namespace modelexport {
namespace {

// Of the operators that some node has the name of, and that read another such operator both in the
// graph and in the run:
struct OpFlow {
  size_t compared = 0;
  size_t different = 0;  // Those that read one only in the graph, and another only in the run.

  bool AgreesBetterThan(const OpFlow& other) const {
    return different * other.compared < other.different * compared;
  }
};

OpFlow CompareFlow(const MatchContext& context, const NamedOps& named) {
  const std::vector<bool> has_node = HasNode(context.hierarchy, named);
  const std::vector<OpSet> in_graph = ReadInGraph(context, named);
  const std::vector<OpSet> in_run = ReadInRun(context.hierarchy, has_node);
  OpFlow flow;
  for (size_t op = 0; op < has_node.size(); ++op) {
    const OpSet &graph = in_graph[op], &run = in_run[op];
    if (!has_node[op] || graph.open || run.open || graph.ops.empty() || run.ops.empty()) continue;
    ++flow.compared;
    if (!graph.HasAllOf(run) && !run.HasAllOf(graph)) ++flow.different;
  }
  return flow;
}

// Whether the sidecar says that it lists the very program that was exported.
bool IsOfThisRun(const Hierarchy& hierarchy) {
  return hierarchy.ops_source() == OpsSource::kExportedProgram;
}

// So many operators have to read what they read in the run before names of another run are used:
// every program has an `add`.
constexpr size_t kLeastHints = 2;

// Whether so many operators differ that some names are another run's: one in ten, or in fifty where
// they are another run's to begin with. Tools that merge equal nodes or put others between make up
// to one in fifteen differ.
bool IsOfAnotherRun(const MatchContext& context, const OpFlow& flow) {
  const size_t one_in = IsOfThisRun(context.hierarchy) ? 10 : 50;
  return flow.different > 1 && one_in * flow.different > flow.compared;
}

// By kind, whether its names are another run's: those without which the others agree best, until
// they agree. If that is not so after a few, all are: each takes a comparison for every kind.
// `flow` is that of all `named`.
std::vector<bool> FalseKinds(const MatchContext& context, const OpKinds& kinds, NamedOps named,
                             OpFlow flow) {
  constexpr int kMostFalse = 6;
  std::vector<bool> is_false(OpKinds::kMost + 1);
  for (int i = 0; IsOfAnotherRun(context, flow) && !IsCancelled(context.cancelled()); ++i) {
    if (i == kMostFalse) {
      std::fill_n(is_false.begin(), kinds.size(), true);
      break;
    }
    size_t best = kinds.size();
    for (size_t kind = 0; kind < kinds.size(); ++kind) {
      if (is_false[kind]) continue;
      const OpFlow rest = CompareFlow(context, kinds.Without(kind, named));
      if (best < kinds.size() && !rest.AgreesBetterThan(flow)) continue;
      best = kind;
      flow = rest;
    }
    is_false[best] = true;
    named = kinds.Without(best, std::move(named));
  }
  return is_false;
}

}  // namespace

std::string TestNames(const MatchContext& context, NamedOps* named) {
  const OpFlow all = CompareFlow(context, *named);
  if (!IsOfThisRun(context.hierarchy) && all.compared - all.different < kLeastHints) {
    named->assign(named->size(), OpId());
    return "";
  }
  if (!IsOfAnotherRun(context, all)) return "";
  const OpKinds kinds(context.hierarchy, *named);
  const std::vector<bool> is_false = FalseKinds(context, kinds, *named, all);
  const Renumbering renumbering(context, kinds, is_false, *named);
  size_t nodes = 0, told = 0;
  for (OpId& op : *named) {
    if (!op.valid() || !is_false[kinds.of(op)]) continue;
    op = renumbering.of(op);
    ++nodes;
    if (op.valid()) ++told;
  }
  std::vector<std::string> names;
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    if (is_false[kind]) names.push_back(kinds.name(kind));
  }
  return absl::StrCat(all.different, " of ", all.compared,
                      " named operators read others than in the run: names like ",
                      absl::StrJoin(names, ", "), " are another run's, and what they read tells ",
                      told, " of their ", nodes, " nodes");
}

}  // namespace modelexport
