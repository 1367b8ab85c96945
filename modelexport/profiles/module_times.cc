#include "modelexport/profiles/module_times.h"

namespace modelexport {
namespace {

constexpr uint32_t kNoRow = UINT32_MAX;

TimeSum Part(const TimeSum& whole, double part) {
  return {whole.time * part, whole.executions * part};
}

// From the back, all below a row are known.
void SumUp(const ModuleRows& rows, TimesOfModel* times) {
  for (size_t row = times->rows.size(); row-- > 0;) {
    times->rows[row].total.Add(times->rows[row].own);
    if (row > 0) times->rows[rows.row(row).parent].total.Add(times->rows[row].total);
  }
}

// `row_of` gives the row of a module, or kNoRow.
template <typename RowOf>
TimesOfModel Sum(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                 const KernelShares& shares, const ModuleRows& rows, const RowOf& row_of) {
  TimesOfModel times;
  times.rows.resize(rows.rows().size());
  for (size_t k = 0; k < kernels.size(); ++k) {
    const TimeSum sum = {kernels[k].own, static_cast<double>(kernels[k].executions)};
    times.all.Add(sum);
    if (shares.divided[k]) times.divided.Add(sum);
    if (shares.by_macs[k]) times.by_macs.Add(sum);
    if (shares.with_others[k]) times.with_others.Add(sum);
    if (!nodes.nodes[k].valid() && nodes.parts[k].empty()) times.unknown_nodes.Add(sum);
    double left = 1;
    for (const KernelShare& share : shares.of_kernel[k]) {
      left -= share.part;
      const uint32_t row = row_of(share.module);
      if (row == kNoRow) {
        times.elsewhere.Add(Part(sum, share.part));
        continue;
      }
      times.rows[row].own.Add(Part(sum, share.part));
      if (shares.with_others[k]) times.rows[row].with_others.Add(Part(sum, share.part));
      times.rows[row].divided = times.rows[row].divided || shares.divided[k];
    }
    constexpr double kRounding = 1e-9;
    if (left > kRounding) times.unattributed.Add(Part(sum, left));
  }
  SumUp(rows, &times);
  return times;
}

}  // namespace

TimesOfModel TimesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                     const KernelShares& shares, const ModuleRows& rows) {
  return Sum(kernels, nodes, shares, rows,
             [&rows](ModuleId module) { return rows.row_of(module); });
}

TimesOfModel AlignedTimesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                            const KernelShares& shares, const Hierarchy& theirs,
                            const Hierarchy& ours, const ModuleRows& rows) {
  return Sum(kernels, nodes, shares, rows, [&](ModuleId module) {
    const ModuleId same = ours.FindModule(theirs.module(module).path);
    return same.valid() ? rows.row_of(same) : kNoRow;
  });
}

}  // namespace modelexport
