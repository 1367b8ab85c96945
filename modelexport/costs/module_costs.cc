#include "modelexport/costs/module_costs.h"

namespace modelexport {

void CostSum::Add(Count count, bool count_repeats) {
  CostSum other;
  if (count.is_known()) {
    other.at_least = count.value();
    other.repeats = count_repeats && count.value() > 0;
  } else {
    other.unknown_nodes = 1;
  }
  Add(other);
}

void CostSum::Add(const CostSum& other) {
  unknown_nodes += other.unknown_nodes;
  repeats = repeats || other.repeats;
  const Count sum = Count(at_least) + Count(other.at_least);
  if (sum.is_known()) {
    at_least = sum.value();
  } else {
    ++unknown_nodes;
  }
}

void CostSums::Add(const NodeCost& node) {
  macs.Add(node.macs, node.repeats);
  activations.Add(node.activations, node.repeats);
}

void CostSums::Add(const CostSums& other) {
  macs.Add(other.macs);
  activations.Add(other.activations);
}

CostsOfModel SumCosts(const OwnedGraph& owned, const ModuleRows& rows,
                      absl::Span<const NodeCost> nodes) {
  CostsOfModel costs;
  costs.rows.resize(rows.rows().size());
  for (size_t n = 0; n < nodes.size(); ++n) {
    const NodeId node(n);
    costs.all.Add(nodes[n]);
    if (owned.IsAttributed(node)) {
      costs.rows[rows.row_of(owned.owner(node).module)].own.Add(nodes[n]);
    } else {
      costs.unattributed.Add(nodes[n]);
    }
  }
  // From the back: each row follows the one that it is in.
  for (size_t row = costs.rows.size(); row-- > 0;) {
    CostsOfRow& each = costs.rows[row];
    each.total.Add(each.own);
    if (row > 0) costs.rows[rows.row(row).parent].total.Add(each.total);
  }
  return costs;
}

std::vector<CostSums> SumCostsByCall(const OwnedGraph& owned, absl::Span<const NodeCost> nodes) {
  const absl::Span<const Call> calls = owned.hierarchy.calls();
  std::vector<CostSums> sums(calls.size());
  for (size_t n = 0; n < nodes.size(); ++n) {
    const CallId call = owned.owner(NodeId(n)).call;
    if (owned.IsAttributed(NodeId(n)) && call.valid()) sums[call.index()].Add(nodes[n]);
  }
  for (size_t c = calls.size(); c-- > 0;) {
    if (calls[c].parent.valid()) sums[calls[c].parent.index()].Add(sums[c]);
  }
  return sums;
}

}  // namespace modelexport
