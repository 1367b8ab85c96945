#include "modelexport/resolution/flow.h"

#include <algorithm>

#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/flow_sides.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/hierarchy/call_tree.h"

namespace modelexport {
namespace {

class Flow {
 public:
  Flow(const MatchContext& context, std::vector<Owner>* owners)
      : context_(context),
        graph_(context.graph),
        calls_(context.hierarchy),
        owners_(*owners),
        open_(owners->size()),
        has_evidence_(owners->size()),
        sides_(graph_, calls_, KnownSites(), context.cancelled()) {
    for (size_t n = 0; n < open_.size(); ++n) {
      open_[n] = owners_[n].evidence == EvidenceKind::kNone;
      has_evidence_[n] = !open_[n];
    }
  }

  void Run() {
    // Graphs stand behind those that hold them, so a body finds its node settled.
    for (size_t n = 0; n < open_.size(); ++n) {
      if (EndsEarly(context_, n)) return;
      if (open_[n]) Settle(NodeId(n));
    }
  }

 private:
  CallSite PlaceOf(NodeId node) const {
    return calls_.PlaceOf(owners_[node.index()].module, owners_[node.index()].call);
  }

  std::vector<CallSite> KnownSites() const {
    std::vector<CallSite> known(owners_.size());
    for (size_t n = 0; n < known.size(); ++n) {
      if (owners_[n].evidence != EvidenceKind::kNone) known[n] = PlaceOf(NodeId(n));
    }
    return known;
  }

  void Settle(NodeId node) {
    const FlowSides::Sites& before = sides_.before(node);
    const bool is_reorder = IsReorder(graph_.op_type(node));
    const bool is_inserted = is_reorder || IsLinearQuantization(graph_.op_type(node));
    if (IsConstant(node)) {
      Take(node, AroundConsumers(node),
           is_inserted ? EvidenceKind::kInherited : EvidenceKind::kDataflow);
    } else if (is_reorder && before.empty()) {
      Take(node, AroundConsumers(node), EvidenceKind::kInherited);
    } else if (is_inserted && before.size() == 1) {
      Take(node, before[0], EvidenceKind::kInherited);
    } else {
      Take(node, sides_.Between(node), EvidenceKind::kDataflow);
    }
    if (open_[node.index()]) TakeFromHolder(node);
  }

  // A constant, or an initializer in another form.
  bool IsConstant(NodeId node) const {
    for (ValueId input : graph_.inputs(node)) {
      if (input.valid() && graph_.value(input).tensor == Value::kNoTensor) return false;
    }
    return graph_.index().bodies(node).empty();
  }

  // Only nodes with evidence of their own count: what computes with constants alone may have run
  // anywhere around its consumers.
  CallSite AroundConsumers(NodeId node) const {
    CallSite around;
    for (ValueId output : graph_.outputs(node)) {
      if (!output.valid()) continue;
      for (NodeId consumer : graph_.consumers(output)) {
        if (!has_evidence_[consumer.index()]) return CallSite();
        const CallSite place = PlaceOf(consumer);
        around = around.valid() ? calls_.Around(around, place) : place;
      }
    }
    return around;
  }

  void TakeFromHolder(NodeId node) {
    const GraphRecord& graph = graph_.index().graph(graph_.index().graph_of(node));
    if (graph.kind != GraphRecord::Kind::kBody) return;
    if (owners_[graph.parent.index()].evidence == EvidenceKind::kNone) return;
    Give(node, PlaceOf(graph.parent), EvidenceKind::kInherited);
  }

  // What runs between anything is within the root: that says nothing.
  void Take(NodeId node, const CallSite& place, EvidenceKind evidence) {
    if (place.valid() && place.module != Hierarchy::root()) Give(node, place, evidence);
  }

  void Give(NodeId node, const CallSite& place, EvidenceKind evidence) {
    Owner& owner = owners_[node.index()];
    owner.module = place.module;
    owner.call = place.call;
    owner.evidence = evidence;
    open_[node.index()] = false;
  }

  const MatchContext& context_;
  const GraphView& graph_;
  const CallTree calls_;
  std::vector<Owner>& owners_;
  std::vector<bool> open_;          // No owner yet.
  std::vector<bool> has_evidence_;  // Before anything was spread.
  const FlowSides sides_;
};

bool HasOwnEvidence(const Owner& owner) {
  return owner.evidence != EvidenceKind::kNone && !IsFromOtherOwners(owner.evidence);
}

// The nodes next to one, on the side that it reads from or on the other.
std::vector<NodeId> NextTo(const GraphView& graph, NodeId node, bool before) {
  std::vector<NodeId> next;
  for (ValueId value : before ? graph.inputs(node) : graph.outputs(node)) {
    if (!value.valid()) continue;
    if (before) {
      if (graph.value(value).producer.valid()) next.push_back(graph.value(value).producer);
    } else {
      const absl::Span<const NodeId> consumers = graph.consumers(value);
      next.insert(next.end(), consumers.begin(), consumers.end());
    }
  }
  return next;
}

// Nearest first.
std::vector<NodeId> NearestOwned(const GraphView& graph, const std::vector<Owner>& owners,
                                 NodeId start, bool before) {
  std::vector<NodeId> owned, queue{start};
  std::vector<bool> seen(owners.size());
  seen[start.index()] = true;
  for (size_t i = 0; i < queue.size(); ++i) {
    for (NodeId next : NextTo(graph, queue[i], before)) {
      if (seen[next.index()]) continue;
      seen[next.index()] = true;
      if (!HasOwnEvidence(owners[next.index()])) {
        queue.push_back(next);
        continue;
      }
      owned.push_back(next);
      if (owned.size() == FlowSides::kMaxSites) return owned;
    }
  }
  return owned;
}

}  // namespace

void SpreadAlongFlow(const MatchContext& context, std::vector<Owner>* owners) {
  const auto open = [](const Owner& owner) { return owner.evidence == EvidenceKind::kNone; };
  if (std::any_of(owners->begin(), owners->end(), open)) Flow(context, owners).Run();
}

FlowNeighbours FindFlowNeighbours(const GraphView& graph, const std::vector<Owner>& owners,
                                  NodeId node) {
  const GraphRecord& record = graph.index().graph(graph.index().graph_of(node));
  return {NearestOwned(graph, owners, node, true), NearestOwned(graph, owners, node, false),
          record.kind == GraphRecord::Kind::kBody ? record.parent : NodeId()};
}

}  // namespace modelexport
