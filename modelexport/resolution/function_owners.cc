#include "modelexport/resolution/function_owners.h"

#include <algorithm>
#include <cstdint>

#include "absl/types/optional.h"

namespace modelexport {
namespace {

using wire::GraphRecord;

// Counts how many chains of calls lead from the main graph to each graph, up to kSeveral.
class ChainCounter {
 public:
  static constexpr int kSeveral = 2;

  explicit ChainCounter(const GraphView& graph)
      : graph_(graph), chains_(graph.index().graphs().size()) {}

  int CountFor(GraphId id) {
    absl::optional<int>& known = chains_[id.index()];
    if (known.has_value()) return *known;
    known = 0;  // What a function that calls itself sees: such a chain never ends.
    const int count = Count(id);
    chains_[id.index()] = count;
    return count;
  }

 private:
  int Count(GraphId id) {
    const GraphRecord& record = graph_.index().graph(id);
    if (record.kind == GraphRecord::Kind::kMain) return 1;
    if (record.kind == GraphRecord::Kind::kBody) {
      return CountFor(graph_.index().graph_of(record.parent));
    }
    int count = 0;
    for (NodeId caller : graph_.callers(id)) {
      count = std::min(kSeveral, count + CountFor(graph_.index().graph_of(caller)));
    }
    return count;
  }

  const GraphView& graph_;
  std::vector<absl::optional<int>> chains_;
};

GraphId EnclosingFunction(const GraphView& graph, GraphId id) {
  while (graph.index().graph(id).kind == GraphRecord::Kind::kBody) {
    id = graph.index().graph_of(graph.index().graph(id).parent);
  }
  return id;
}

// The owner is made relative to the innermost caller's owner that it lies in: the evidence in a
// shared body speaks of the one call that the exporter made the body from.
void MakeRelative(const MatchContext& context, GraphId function, std::vector<Owner>* owners,
                  Owner* owner) {
  ModuleId base;
  for (NodeId caller : context.graph.callers(function)) {
    const ModuleId module = (*owners)[caller.index()].module;
    if (!context.hierarchy.IsAncestorOrSelf(module, owner->module)) continue;
    if (!base.valid() || context.hierarchy.IsAncestorOrSelf(base, module)) base = module;
  }
  if (!base.valid() || owner->evidence == EvidenceKind::kNone) {
    base = owner->module = (*owners)[context.graph.callers(function)[0].index()].module;
    owner->evidence = EvidenceKind::kNone;
  }
  owner->base = base;
  owner->call = CallId();
}

}  // namespace

void PlaceFunctionBodies(const MatchContext& context, std::vector<Owner>* owners) {
  const std::vector<GraphRecord>& graphs = context.graph.index().graphs();
  ChainCounter chains(context.graph);
  for (size_t i = 1; i < graphs.size(); ++i) {
    const GraphId function = EnclosingFunction(context.graph, GraphId(i));
    if (graphs[function.index()].kind != GraphRecord::Kind::kFunction) continue;
    const int count = chains.CountFor(function);
    if (count == 1) continue;
    for (size_t n = graphs[i].first_node; n < graphs[i].first_node + graphs[i].num_nodes; ++n) {
      if (count == 0) (*owners)[n].tagged = false;
      if (count > 1) MakeRelative(context, function, owners, &(*owners)[n]);
    }
  }
}

}  // namespace modelexport
