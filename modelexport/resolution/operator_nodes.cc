#include "modelexport/resolution/operator_nodes.h"

#include <algorithm>
#include <utility>

#include "modelexport/evidence/cancellation.h"

namespace modelexport {
namespace {

// Of the operators of a call that are left, those that are looked at for one node.
constexpr size_t kMaxLookedAt = 32;

}  // namespace

OperatorNodes::OperatorNodes(const MatchContext& context, const TracePlacement* placement,
                             absl::Span<const Owner> owners, const OperatorImages& images,
                             const NodeRoles& roles)
    : op_of_(owners.size()),
      makes_result_(owners.size()),
      node_of_(context.hierarchy.ops().size()) {
  for (const Candidate& settled : context.settled()) {
    if (!settled.op.valid()) continue;
    Give(settled.node, settled.op);
    makes_result_[settled.node.index()] = true;
  }
  if (placement != nullptr) TakePlaces(context, *placement);
  TakeCalls(context, owners, images, roles);
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
void OperatorNodes::TakeCalls(const MatchContext& context, absl::Span<const Owner> owners,
                              const OperatorImages& images, const NodeRoles& roles) {
  std::vector<std::vector<OpId>> left(context.hierarchy.calls().size());
  for (size_t i = node_of_.size(); i-- > 0;) {
    if (node_of_[i].valid() || images.DoesNothing(OpId(i))) continue;
    left[context.hierarchy.ops()[i].call.index()].emplace_back(i);  // The last one first.
  }
  for (size_t n = 0; n < op_of_.size(); ++n) {
    if (EndsEarly(context, n)) return;
    if (op_of_[n].valid() || !owners[n].call.valid()) continue;
    if (roles.role(NodeId(n)) != NodeRole::kImage) continue;
    std::vector<OpId>& ops = left[owners[n].call.index()];
    // From the back, as far as kMaxLookedAt.
    const auto end = ops.rbegin() + std::min(ops.size(), kMaxLookedAt);
    const auto found = std::find_if(ops.rbegin(), end, [&](OpId op) {
      return images.IsWritten(NodeId(n), op) || images.Odds(NodeId(n), op) > 0;
    });
    if (found == end) continue;
    Give(NodeId(n), *found);
    ops.erase(std::next(found).base());
  }
}

}  // namespace modelexport
