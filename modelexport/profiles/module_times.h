// The figures of a profile by module.
#ifndef MODELEXPORT_PROFILES_MODULE_TIMES_H_
#define MODELEXPORT_PROFILES_MODULE_TIMES_H_

#include <cstdint>
#include <vector>

#include "modelexport/modules/module_rows.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/profiles/kernel_nodes.h"
#include "modelexport/profiles/profile.h"

namespace modelexport {

// Sums over the kept runs: Kernel::own and Kernel::executions.
struct TimeSum {
  double time = 0;
  uint64_t executions = 0;

  void Add(const TimeSum& other) {
    time += other.time;
    executions += other.executions;
  }
};

struct ModuleTime {
  TimeSum own;    // Of the modules of the row themselves.
  TimeSum total;  // And of all below them.
};

struct TimesOfModel {
  std::vector<ModuleTime> rows;  // By row. What is attributed is the root's total.
  TimeSum unattributed;          // Kernels without a node, or whose nodes nothing attributes.
  TimeSum unknown_nodes;         // Those of them without a node.
  TimeSum all;
};

// The row of each kernel's module; kNoRow for what is not attributed.
inline constexpr uint32_t kNoRow = UINT32_MAX;
std::vector<uint32_t> RowsOf(const KernelNodes& nodes, const OwnedGraph& owned,
                             const ModuleRows& rows);

TimesOfModel TimesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                     const OwnedGraph& owned, const ModuleRows& rows);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_MODULE_TIMES_H_
