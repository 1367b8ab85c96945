// To which modules the time of each kernel goes.
#ifndef MODELEXPORT_PROFILES_KERNEL_SHARES_H_
#define MODELEXPORT_PROFILES_KERNEL_SHARES_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "modelexport/base/rows.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/profiles/kernel_nodes.h"
#include "modelexport/profiles/profile.h"

namespace modelexport {

// What becomes of a layer that is made of nodes of several modules.
enum class FusedLayers : uint8_t {
  kSplit,  // Its time is divided among its nodes by their MACs; equally where one's are unknown.
  kOwner,  // It goes to the module of one of them: of the one that reads the largest tensor.
};

struct KernelShare {
  ModuleId module;
  double part = 1;  // Above 0, at most 1. What is left of 1 is not attributed.
};

// Multiply-accumulates by node; absent where unknown. Empty: none is known.
using MacsOfNodes = std::vector<absl::optional<uint64_t>>;

struct KernelShares {
  Rows<KernelShare> of_kernel;  // Modules differ; none for what is not attributed.
  // By kernel: whether its time goes to modules that nobody measured one by one. Of a layer of
  // which only the ends are known, it goes to the module around both.
  std::vector<bool> divided;
  std::vector<bool> by_macs;  // By kernel: whether it was divided by MACs.
  // By kernel: whether it is a node that does the work of other modules too, whose time is its
  // owner's alone.
  std::vector<bool> with_others;
};

// Whether MACs may change what SharesOf() gives with kSplit.
bool HasLayersOfModules(const KernelNodes& nodes, const OwnedGraph& owned);

// Takes time in proportion to kernels, their nodes, and with kOwner to the tensors of the model.
KernelShares SharesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                      const OwnedGraph& owned, FusedLayers fused, const MacsOfNodes& macs);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_KERNEL_SHARES_H_
