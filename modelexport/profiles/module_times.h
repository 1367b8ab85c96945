// The figures of a profile by module.
#ifndef MODELEXPORT_PROFILES_MODULE_TIMES_H_
#define MODELEXPORT_PROFILES_MODULE_TIMES_H_

#include <cstdint>
#include <vector>

#include "modelexport/modules/module_rows.h"
#include "modelexport/profiles/kernel_nodes.h"
#include "modelexport/profiles/kernel_shares.h"
#include "modelexport/profiles/profile.h"

namespace modelexport {

// Sums over the kept runs: Kernel::own and Kernel::executions. A part of a kernel is a part of an
// execution.
struct TimeSum {
  double time = 0;
  double executions = 0;

  void Add(const TimeSum& other) {
    time += other.time;
    executions += other.executions;
  }
};

struct ModuleTime {
  TimeSum own;           // Of the modules of the row themselves.
  TimeSum total;         // And of all below them.
  bool divided = false;  // `own` has time of kernels that were divided (KernelShares::divided).
  // What of `own` is of kernels that do the work of other modules too (KernelShares::with_others).
  TimeSum with_others;
};

struct TimesOfModel {
  std::vector<ModuleTime> rows;  // By row. What is attributed is the root's total.
  TimeSum unattributed;          // What is of no module, as far as anything tells.
  TimeSum unknown_nodes;         // The kernels among these that are no node of the model.
  TimeSum elsewhere;             // Of modules that have no row.
  TimeSum divided;               // Of kernels that were divided,
  TimeSum by_macs;               // and of these, by MACs.
  TimeSum with_others;           // Of kernels that do the work of several modules.
  TimeSum all;
};

TimesOfModel TimesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                     const KernelShares& shares, const ModuleRows& rows);

// The same of a profile of another model, of the hierarchy `theirs`: a module's row is that of the
// module of `ours` with the same path.
TimesOfModel AlignedTimesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                            const KernelShares& shares, const Hierarchy& theirs,
                            const Hierarchy& ours, const ModuleRows& rows);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_MODULE_TIMES_H_
