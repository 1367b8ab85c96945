#include "modelexport/modules/label_counts.h"

#include <algorithm>

namespace modelexport {
namespace {

// Sorted by label.
using Counts = std::vector<LabelCount>;

Counts Counted(std::vector<uint32_t> labels) {
  std::sort(labels.begin(), labels.end());
  Counts counts;
  for (uint32_t label : labels) {
    if (counts.empty() || counts.back().first != label) counts.emplace_back(label, 0);
    ++counts.back().second;
  }
  return counts;
}

Counts Sum(const Counts& a, const Counts& b) {
  Counts sum;
  sum.reserve(a.size() + b.size());
  size_t i = 0, k = 0;
  while (i < a.size() || k < b.size()) {
    if (k == b.size() || (i < a.size() && a[i].first < b[k].first)) {
      sum.push_back(a[i++]);
    } else if (i == a.size() || b[k].first < a[i].first) {
      sum.push_back(b[k++]);
    } else {
      sum.emplace_back(a[i].first, a[i].second + b[k].second);
      ++i, ++k;
    }
  }
  return sum;
}

}  // namespace

void NodeLabels::Set(NodeId node, absl::string_view label) {
  const auto added = positions_.try_emplace(label, static_cast<uint32_t>(labels_.size()));
  if (added.second) labels_.emplace_back(label);
  of_node_[node.index()] = added.first->second;
}

size_t NodeLabels::NumLabelled() const {
  return of_node_.size() - std::count(of_node_.begin(), of_node_.end(), kNone);
}

LabelCounts CountLabels(const OwnedGraph& owned, const ModuleRows& rows, const NodeLabels& labels) {
  const size_t num_rows = rows.rows().size();
  std::vector<std::vector<uint32_t>> own(num_rows);
  std::vector<uint32_t> unattributed;
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    const NodeId node(n);
    if (labels.of(node) == NodeLabels::kNone) continue;
    (owned.IsAttributed(node) ? own[rows.row_of(owned.owner(node).module)] : unattributed)
        .push_back(labels.of(node));
  }
  LabelCounts counts;
  counts.rows.resize(num_rows);
  // From the back, those below a row are complete.
  for (size_t row = num_rows; row-- > 0;) {
    Counts& total = counts.rows[row];
    total = total.empty() ? Counted(std::move(own[row])) : Sum(total, Counted(std::move(own[row])));
    if (row == 0) continue;
    Counts& parent = counts.rows[rows.row(row).parent];
    parent = Sum(parent, total);
  }
  counts.unattributed = Counted(std::move(unattributed));
  return counts;
}

}  // namespace modelexport
