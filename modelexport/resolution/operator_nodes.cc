#include "modelexport/resolution/operator_nodes.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "modelexport/evidence/cancellation.h"

namespace modelexport {
namespace {

// Of the operators of a call that are left, those that are looked at for one node.
constexpr size_t kMaxLookedAt = 32;

// By module, its call where it is called once.
std::vector<CallId> OnlyCalls(const Hierarchy& hierarchy) {
  std::vector<CallId> only(hierarchy.modules().size());
  std::vector<bool> called(only.size());
  for (size_t c = 0; c < hierarchy.calls().size(); ++c) {
    const size_t module = hierarchy.calls()[c].module.index();
    only[module] = called[module] ? CallId() : CallId(c);
    called[module] = true;
  }
  return only;
}

// Whether the node is where it is for the name of its result, or what the exporter wrote of that.
bool IsNamedForItsResult(const Owner& owner) {
  return owner.evidence == EvidenceKind::kValueName ||
         owner.evidence == EvidenceKind::kScopeMetadata;
}

}  // namespace

OperatorNodes::OperatorNodes(const MatchContext& context, const TracePlacement* placement,
                             absl::Span<const Owner> owners, const OperatorImages& images,
                             const NodeRoles& roles)
    : call_of_(owners.size()),
      op_of_(owners.size()),
      makes_result_(owners.size()),
      part_of_(owners.size()),
      node_of_(context.hierarchy.ops().size()) {
  for (const Candidate& settled : context.settled()) {
    if (!settled.op.valid()) continue;
    Give(settled.node, settled.op);
    makes_result_[settled.node.index()] = true;
  }
  if (placement != nullptr) TakePlaces(context, *placement);
  const std::vector<CallId> only_calls = OnlyCalls(context.hierarchy);
  for (size_t n = 0; n < owners.size(); ++n) {
    if (roles.role(NodeId(n)) != NodeRole::kImage) continue;
    const Owner& owner = owners[n];
    call_of_[n] = owner.call.valid() ? owner.call : only_calls[owner.module.index()];
  }
  TakeCalls(context, images);
  TakeResults(context, owners, images);
  FindParts(context, owners);
}

void OperatorNodes::Give(NodeId node, OpId op) {
  op_of_[node.index()] = op;
  node_of_[op.index()] = node;
}

void OperatorNodes::TakePlaces(const MatchContext& context, const TracePlacement& placement) {
  for (size_t n = 0; n < op_of_.size(); ++n) {
    if (EndsEarly(context, n)) return;
    const TracePlacement::At& at = placement.of(NodeId(n));
    if (op_of_[n].valid() || !at.op.valid() || at.with.valid()) continue;
    // What makes the result by name stays the operator's node.
    const NodeId named = node_of_[at.op.index()];
    op_of_[n] = at.op;
    if (!named.valid() || !makes_result_[named.index()]) node_of_[at.op.index()] = NodeId(n);
  }
}

// Both sides of a call are in the order in which they ran.
void OperatorNodes::TakeCalls(const MatchContext& context, const OperatorImages& images) {
  std::vector<std::vector<OpId>> left(context.hierarchy.calls().size());
  for (size_t i = node_of_.size(); i-- > 0;) {
    if (node_of_[i].valid() || images.DoesNothing(OpId(i))) continue;
    left[context.hierarchy.ops()[i].call.index()].emplace_back(i);  // The last one first.
  }
  // Those first that exporters are known to write for an operator.
  for (const bool known : {true, false}) {
    for (size_t n = 0; n < op_of_.size(); ++n) {
      if (EndsEarly(context, n)) return;
      if (op_of_[n].valid() || !call_of_[n].valid()) continue;
      std::vector<OpId>& ops = left[call_of_[n].index()];
      // From the back, as far as kMaxLookedAt.
      const auto end = ops.rbegin() + static_cast<ptrdiff_t>(std::min(ops.size(), kMaxLookedAt));
      const auto found = std::find_if(ops.rbegin(), end, [&](OpId op) {
        return known ? images.IsWritten(NodeId(n), op) || images.Odds(NodeId(n), op) > 0
                     : !images.IsKnown(op);
      });
      if (found == end) continue;
      Give(NodeId(n), *found);
      ops.erase(std::next(found).base());
    }
  }
}

// A node that is in a call for its result, and is the image of no other of the call's operators,
// makes what the last one makes.
void OperatorNodes::TakeResults(const MatchContext& context, absl::Span<const Owner> owners,
                                const OperatorImages& images) {
  std::vector<OpId> last(context.hierarchy.calls().size());
  for (size_t i = 0; i < node_of_.size(); ++i) {
    if (images.DoesNothing(OpId(i))) continue;
    last[context.hierarchy.ops()[i].call.index()] = OpId(i);
  }
  for (size_t n = 0; n < op_of_.size(); ++n) {
    if (EndsEarly(context, n)) return;
    if (makes_result_[n] || !IsNamedForItsResult(owners[n]) || !call_of_[n].valid()) continue;
    const OpId op = last[call_of_[n].index()];
    if (!op.valid() || (op_of_[n].valid() && op_of_[n] != op)) continue;
    op_of_[n] = op;
    makes_result_[n] = true;
    if (!node_of_[op.index()].valid()) node_of_[op.index()] = NodeId(n);
  }
}

// From the back, so that what reads a result comes before what makes it.
void OperatorNodes::FindParts(const MatchContext& context, absl::Span<const Owner> owners) {
  for (size_t n = part_of_.size(); n-- > 0;) {
    if (EndsEarly(context, n)) return;
    if (owners[n].evidence == EvidenceKind::kNodeName || IsNamedForItsResult(owners[n])) continue;
    if (!makes_result_[n]) part_of_[n] = OnlyUser(context.graph, NodeId(n));
  }
}

NodeId OperatorNodes::OnlyUser(const GraphView& graph, NodeId node) const {
  NodeId only;
  for (const ValueId output : graph.outputs(node)) {
    if (!output.valid()) continue;
    for (const NodeId consumer : graph.consumers(output)) {
      const size_t c = consumer.index();
      const NodeId user = makes_result_[c] ? consumer : part_of_[c];
      if (!user.valid() || (only.valid() && only != user)) return NodeId();
      only = user;
    }
  }
  return only;
}

}  // namespace modelexport
