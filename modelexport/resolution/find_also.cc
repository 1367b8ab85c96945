#include "modelexport/resolution/find_also.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/resolution/folded_modules.h"
#include "modelexport/resolution/found_modules.h"

namespace modelexport {
namespace {

// Of one node and what it makes.
bool AreItsNames(const Conflict& conflict) {
  return conflict.stronger == EvidenceKind::kNodeName &&
         conflict.weaker == EvidenceKind::kValueName;
}

// Whether the name of what the node makes is that of an operator that has no effect where it left
// no node: "/norm/Cast_output_0".
bool SpeaksOfNoWork(const GraphView& graph, NodeId node) {
  for (const ValueId output : graph.outputs(node)) {
    if (!output.valid()) continue;
    absl::string_view name = graph.name(output);
    name.remove_prefix(name.rfind('/') + 1);
    for (const absl::string_view op_type : {"Cast_", "Identity_", "Dropout_"}) {
      if (absl::StartsWith(name, op_type)) return true;
    }
  }
  return false;
}

void TakeNames(const GraphView& graph, const std::vector<Conflict>& conflicts,
               FoundModules* found) {
  for (const Conflict& conflict : conflicts) {
    if (!AreItsNames(conflict) || SpeaksOfNoWork(graph, conflict.node)) continue;
    for (const ModuleId module : {conflict.stronger_module, conflict.weaker_module}) {
      (*found)[conflict.node].push_back({module, AlsoReason::kName});
    }
  }
}

AlsoOfOperators AlsoOfTagged(const Hierarchy& hierarchy) {
  AlsoOfOperators also;
  for (const SourceNode& node : hierarchy.nodes()) {
    if (!node.also.empty() && node.op.valid()) also.emplace(node.op, node.also);
  }
  return also;
}

// A node that makes the same as a node of a tagged model does all that this one does.
void TakeTagged(const MatchContext& context, const AlsoOfOperators& also, FoundModules* found) {
  if (also.empty()) return;
  for (const Candidate& settled : context.settled()) {
    if (!settled.op.valid()) continue;
    const auto of_op = also.find(settled.op);
    if (of_op == also.end()) continue;
    for (const ModuleId module : of_op->second) {
      (*found)[settled.node].push_back({module, AlsoReason::kOperator});
    }
  }
}

// The nodes next to one that it may serve: those before it or, where it starts from what the model
// is given or stores, those behind it.
std::vector<NodeId> Served(const GraphView& graph, NodeId node) {
  std::vector<NodeId> served;
  for (const ValueId input : graph.inputs(node)) {
    const NodeId producer = input.valid() ? graph.value(input).producer : NodeId();
    if (producer.valid()) served.push_back(producer);
  }
  if (!served.empty()) return served;
  for (const ValueId output : graph.outputs(node)) {
    if (!output.valid()) continue;
    const absl::Span<const NodeId> consumers = graph.consumers(output);
    served.insert(served.end(), consumers.begin(), consumers.end());
  }
  return served;
}

// A node that serves another of the same module.
struct Serving {
  NodeId node, served;
  ModuleId module;
};

// In order.
std::vector<Serving> FindServing(const GraphView& graph, const std::vector<Owner>& owners) {
  std::vector<Serving> serving;
  for (size_t n = 0; n < owners.size(); ++n) {
    if (owners[n].evidence != EvidenceKind::kInherited) continue;
    for (const NodeId served : Served(graph, NodeId(n))) {
      if (owners[served.index()].module != owners[n].module) continue;
      serving.push_back({NodeId(n), served, owners[n].module});
      break;
    }
  }
  return serving;
}

// A node that serves a node which was given to another module goes along.
void FollowMoved(const std::vector<Serving>& serving, std::vector<Owner>* owners) {
  for (const Serving& each : serving) {
    Owner& owner = (*owners)[each.node.index()];
    if (owner.module != each.module) continue;
    owner.module = (*owners)[each.served.index()].module;
    owner.call = (*owners)[each.served.index()].call;
  }
}

// What was found without the owners, and without nodes whose owner is relative to others. Takes the
// modules out of `found`.
AlsoModules Others(const std::vector<Owner>& owners, FoundModules* found) {
  AlsoModules also;
  for (auto& [node, modules] : *found) {
    const Owner& owner = owners[node.index()];
    if (!owner.tagged || owner.base.valid()) continue;
    modules.erase(std::remove_if(modules.begin(), modules.end(),
                                 [&](const AlsoModule& one) { return one.module == owner.module; }),
                  modules.end());
    also.Add(node, std::move(modules));
  }
  return also;
}

}  // namespace

AlsoModules FindAlso(const WorkEvidence& evidence, Resolution* resolution) {
  const Hierarchy& hierarchy = evidence.context.hierarchy;
  const std::vector<Serving> serving = FindServing(evidence.context.graph, resolution->owners);
  FoundModules found;
  TakeNames(evidence.context.graph, resolution->conflicts, &found);
  const AlsoOfOperators also_of_operators = AlsoOfTagged(hierarchy);
  TakeTagged(evidence.context, also_of_operators, &found);
  if (!hierarchy.ops().empty()) {
    FindWork(evidence, also_of_operators, &resolution->owners, &found);
  } else if (!hierarchy.tensors().empty() && !hierarchy.calls().empty()) {
    FindFoldedModules(evidence.context, &resolution->owners, &found);
  }
  FollowMoved(serving, &resolution->owners);
  return Others(resolution->owners, &found);
}

}  // namespace modelexport
