// A profile as what flame graphs show: kernels, each with the modules around it.
#ifndef MODELEXPORT_PROFILES_FLAME_H_
#define MODELEXPORT_PROFILES_FLAME_H_

#include <string>
#include <vector>

#include "modelexport/modules/module_rows.h"
#include "modelexport/profiles/kernel_shares.h"
#include "modelexport/profiles/profile.h"

namespace modelexport {

struct Flame {
  // "(root)", the names of the rows down to the owner's, the kernel's; or "(not attributed)" and
  // the kernel's.
  std::vector<std::string> frames;
  double time = 0;  // Kernel::own.
};

// One for each share of each kernel and for what is left of it, in the order of kernels. Memory is
// in proportion to these times the depth of modules.
std::vector<Flame> FlamesOf(const std::vector<Kernel>& kernels, const KernelShares& shares,
                            const ModuleRows& rows);

// A module, or a kernel within, as it would be in a run without gaps.
struct FlameSpan {
  std::string name;
  bool is_kernel = false;
  double begin = 0;
  double duration = 0;
};

// The flames one after the other: modules that neighbours share are one span. A span comes before
// those within. Times below 0, which rounding makes, are taken for 0.
std::vector<FlameSpan> SpansOf(const std::vector<Flame>& flames);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_FLAME_H_
