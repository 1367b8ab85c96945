// The nodes of each module.
#ifndef MODELEXPORT_MODULES_MODULE_NODES_H_
#define MODELEXPORT_MODULES_MODULE_NODES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/hierarchy/module_ranges.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// Made in time and memory proportional to the nodes and modules.
class ModuleNodes {
 public:
  // Keeps no reference to `owned`.
  explicit ModuleNodes(const OwnedGraph& owned);

  // Those that the module itself owns, in order.
  absl::Span<const NodeId> own(ModuleId module) const;

  // Those of the module and of all modules below it by path. Grouped by module; in order within
  // each.
  absl::Span<const NodeId> subtree(ModuleId module) const;

  // Those that nothing attributes to a module, in order. The others' owners do not have them.
  const std::vector<NodeId>& unattributed() const { return unattributed_; }

  const ModuleRanges& ranges() const { return ranges_; }

 private:
  absl::Span<const NodeId> Between(size_t first, size_t behind) const;

  ModuleRanges ranges_;
  std::vector<NodeId> nodes_;        // By the number of their module.
  std::vector<uint32_t> first_;      // In nodes_, by the number of a module; then their count.
  std::vector<uint32_t> behind_of_;  // The first number beyond the subtree, by the number.
  std::vector<NodeId> unattributed_;
};

// The nodes of one call of a module, or those of which no call is known.
struct NodesOfCall {
  CallId call;                // Invalid: unknown.
  std::vector<NodeId> nodes;  // In order.
};

// The nodes of the subtree of `module`, by the call of `module` that they ran in, in the order of
// calls; the unknown ones come last. A module that is called once has one row if its call is known
// for all. The time is that of the subtree's nodes times how deep calls are nested.
std::vector<NodesOfCall> NodesByCall(const OwnedGraph& owned, const ModuleNodes& nodes,
                                     ModuleId module);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_MODULE_NODES_H_
