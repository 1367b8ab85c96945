#include "modelexport/resolution/function_owners.h"

#include <algorithm>
#include <utility>

namespace modelexport {
namespace {

constexpr int kSeveral = 2;

// How many chains of calls lead from the main graph to each graph, counted up to kSeveral.
std::vector<int> CountChains(const GraphView& graph) {
  const ModelIndex& index = graph.index();
  std::vector<int> chains(index.graphs().size());
  std::vector<std::pair<GraphId, int>> found;  // Graphs, with chains not yet followed further.
  const auto add = [&](GraphId id, int count) {
    count = std::min(count, kSeveral - chains[id.index()]);
    if (count == 0) return;
    chains[id.index()] += count;
    found.emplace_back(id, count);
  };
  add(GraphId(0), 1);
  while (!found.empty()) {
    const std::pair<GraphId, int> at = found.back();
    found.pop_back();
    const GraphRecord& record = index.graph(at.first);
    for (size_t n = record.first_node; n < record.first_node + record.num_nodes; ++n) {
      for (const GraphRecord& body : index.bodies(NodeId(n))) add(index.id_of(body), at.second);
      const GraphId callee = graph.callee(NodeId(n));
      if (callee.valid()) add(callee, at.second);
    }
  }
  return chains;
}

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
  // Functions come right behind the main graph.
  if (graphs.size() < 2 || graphs[1].kind != GraphRecord::Kind::kFunction) return;
  const std::vector<int> chains = CountChains(context.graph);
  for (size_t i = 1; i < graphs.size(); ++i) {
    const GraphId function = EnclosingFunction(context.graph, GraphId(i));
    if (graphs[function.index()].kind != GraphRecord::Kind::kFunction) continue;
    const int count = chains[function.index()];
    if (count == 1) continue;
    for (size_t n = graphs[i].first_node; n < graphs[i].first_node + graphs[i].num_nodes; ++n) {
      if (count == 0) (*owners)[n].tagged = false;
      if (count > 1) MakeRelative(context, function, owners, &(*owners)[n]);
    }
  }
}

}  // namespace modelexport
