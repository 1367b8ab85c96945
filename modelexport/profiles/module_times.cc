#include "modelexport/profiles/module_times.h"

namespace modelexport {

std::vector<uint32_t> RowsOf(const KernelNodes& nodes, const OwnedGraph& owned,
                             const ModuleRows& rows) {
  std::vector<uint32_t> row_of;
  row_of.reserve(nodes.nodes.size());
  for (NodeId node : nodes.nodes) {
    const bool is_known = node.valid() && owned.IsAttributed(node);
    row_of.push_back(is_known ? rows.row_of(owned.owner(node).module) : kNoRow);
  }
  return row_of;
}

TimesOfModel TimesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                     const OwnedGraph& owned, const ModuleRows& rows) {
  TimesOfModel times;
  times.rows.resize(rows.rows().size());
  const std::vector<uint32_t> row_of = RowsOf(nodes, owned, rows);
  for (size_t k = 0; k < kernels.size(); ++k) {
    const TimeSum sum = {kernels[k].own, kernels[k].executions};
    times.all.Add(sum);
    if (row_of[k] == kNoRow) {
      times.unattributed.Add(sum);
      if (!nodes.nodes[k].valid()) times.unknown_nodes.Add(sum);
    } else {
      times.rows[row_of[k]].own.Add(sum);
    }
  }
  // From the back, all below a row are known.
  for (size_t row = times.rows.size(); row-- > 0;) {
    times.rows[row].total.Add(times.rows[row].own);
    if (row > 0) times.rows[rows.row(row).parent].total.Add(times.rows[row].total);
  }
  return times;
}

}  // namespace modelexport
