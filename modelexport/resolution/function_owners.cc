#include "modelexport/resolution/function_owners.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/graph/called_graphs.h"
#include "modelexport/graph/graphs_around.h"

namespace modelexport {
namespace {

// The modules that call one function.
struct Callers {
  ModuleId first;
  absl::flat_hash_set<ModuleId> modules;
};

Callers CallersOf(const GraphView& graph, GraphId function, const std::vector<Owner>& owners) {
  const absl::Span<const NodeId> nodes = graph.callers(function);
  Callers callers{owners[nodes[0].index()].module, {}};
  for (NodeId node : nodes) callers.modules.insert(owners[node.index()].module);
  return callers;
}

// The innermost calling module at or above `module`; invalid if there is none. Takes time in
// proportion to the depth of `module`.
ModuleId InnermostCaller(const Hierarchy& hierarchy, const Callers& callers, ModuleId module) {
  while (module.valid() && !callers.modules.contains(module)) {
    module = hierarchy.module(module).parent;
  }
  return module;
}

// Makes the owner relative to the innermost calling module around it: evidence in a shared body is
// of the one call that the exporter made the body from.
void MakeRelative(const Hierarchy& hierarchy, const Callers& callers, Owner* owner) {
  ModuleId base = InnermostCaller(hierarchy, callers, owner->module);
  if (!base.valid() || owner->evidence == EvidenceKind::kNone) {
    base = owner->module = callers.first;
    owner->evidence = EvidenceKind::kNone;
  }
  owner->base = base;
  owner->call = CallId();
}

// For functions with one chain of calls: the innermost calling node around that has an owner.
class OwnedCallers {
 public:
  OwnedCallers(const GraphView& graph, const std::vector<int>& chains,
               const std::vector<Owner>& owners)
      : graph_(graph), chains_(chains), owners_(owners) {}

  // Each function is looked at once.
  NodeId Of(GraphId function) {
    std::vector<GraphId> path;
    NodeId caller;
    for (GraphId next = function; next != kMainGraph;) {
      const auto known = callers_.find(next);
      if (known != callers_.end()) {
        caller = known->second;
        break;
      }
      path.push_back(next);
      caller = CallerOf(next);
      if (owners_[caller.index()].evidence != EvidenceKind::kNone) break;
      next = RootOf(graph_.index(), graph_.index().graph_of(caller));
    }
    for (const GraphId each : path) callers_[each] = caller;
    return caller;
  }

 private:
  // Others are in functions that nothing calls.
  NodeId CallerOf(GraphId function) const {
    const absl::Span<const NodeId> nodes = graph_.callers(function);
    return *std::find_if(nodes.begin(), nodes.end(), [&](NodeId node) {
      return chains_[graph_.index().graph_of(node).index()] > 0;
    });
  }

  const GraphView& graph_;
  const std::vector<int>& chains_;
  const std::vector<Owner>& owners_;
  absl::flat_hash_map<GraphId, NodeId> callers_;
};

// A node without evidence has the owner of the node that calls its function.
void TakeFromCaller(const Owner& caller, Owner* owner) {
  if (owner->evidence != EvidenceKind::kNone || caller.evidence == EvidenceKind::kNone) return;
  owner->module = caller.module;
  owner->call = caller.call;
  owner->evidence = EvidenceKind::kInherited;
}

}  // namespace

void PlaceFunctionBodies(const MatchContext& context, std::vector<Owner>* owners) {
  const std::vector<GraphRecord>& graphs = context.graph.index().graphs();
  // Functions come right behind the main graph.
  if (graphs.size() < 2 || graphs[1].kind != GraphRecord::Kind::kFunction) return;
  const std::vector<int> chains = CountCallChains(context.graph);
  // By function. Made once for the nodes of functions and once more for those of their bodies,
  // which follow: by then the owners of callers within functions are settled.
  absl::flat_hash_map<GraphId, Callers> callers;
  OwnedCallers owned_callers(context.graph, chains, *owners);
  bool in_bodies = false;
  for (size_t i = 1; i < graphs.size(); ++i) {
    if (EndsEarly(context, i)) return;
    const GraphId function = RootOf(context.graph.index(), GraphId(i));
    if (graphs[function.index()].kind != GraphRecord::Kind::kFunction) continue;
    const int count = chains[function.index()];
    if (graphs[i].kind == GraphRecord::Kind::kBody && !in_bodies) {
      in_bodies = true;
      callers.clear();
    }
    if (count > 1 && !callers.contains(function)) {
      callers.emplace(function, CallersOf(context.graph, function, *owners));
    }
    for (size_t n = graphs[i].first_node; n < graphs[i].first_node + graphs[i].num_nodes; ++n) {
      if (EndsEarly(context, n)) return;
      if (count == 0) (*owners)[n].tagged = false;
      if (count == 1) {
        TakeFromCaller((*owners)[owned_callers.Of(function).index()], &(*owners)[n]);
      }
      if (count > 1) MakeRelative(context.hierarchy, callers.at(function), &(*owners)[n]);
    }
  }
}

}  // namespace modelexport
