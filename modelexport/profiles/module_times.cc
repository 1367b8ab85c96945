#include "modelexport/profiles/module_times.h"

namespace modelexport {
namespace {

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

}  // namespace

TimesOfModel TimesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                     const KernelShares& shares, const ModuleRows& rows) {
  TimesOfModel times;
  times.rows.resize(rows.rows().size());
  for (size_t k = 0; k < kernels.size(); ++k) {
    const TimeSum sum = {kernels[k].own, static_cast<double>(kernels[k].executions)};
    times.all.Add(sum);
    if (shares.divided[k]) times.divided.Add(sum);
    if (!nodes.nodes[k].valid() && nodes.parts[k].empty()) times.unknown_nodes.Add(sum);
    double left = 1;
    for (const KernelShare& share : shares.of_kernel[k]) {
      ModuleTime& time = times.rows[rows.row_of(share.module)];
      time.own.Add(Part(sum, share.part));
      time.divided = time.divided || shares.divided[k];
      left -= share.part;
    }
    constexpr double kRounding = 1e-9;
    if (left > kRounding) times.unattributed.Add(Part(sum, left));
  }
  SumUp(rows, &times);
  return times;
}

}  // namespace modelexport
