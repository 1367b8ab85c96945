// The calls of all modules as one tree, and the node of the main graph that ran in each.
#ifndef MODELEXPORT_MODULES_MODULE_INSTANCES_H_
#define MODELEXPORT_MODULES_MODULE_INSTANCES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// One call of a module; or a module that has none, such as a ModuleList, within the call around it;
// or a module of which no call is known.
struct ModuleInstance {
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  ModuleId module;
  CallId call;              // Invalid: none, or not known.
  uint32_t parent = kNone;  // That of the call around it, by position; kNone for the first.
  uint32_t depth = 0;
  std::vector<uint32_t> children;
  std::vector<NodeId> nodes;  // That ran in it and in none of the children. In order.

  // Nodes that ran in a call of this module, and it is not known in which. They count as nodes of
  // the innermost instance around all these calls.
  size_t unknown = 0;
};

// Nodes of the main graph alone; bodies and functions belong to the node that has or calls them.
// The first instance is the root, which has all nodes that nothing attributes, too. Each comes
// after the one around it.
//
// The time is that of the nodes, and that of calls and modules times how deep they are nested.
std::vector<ModuleInstance> FindModuleInstances(const OwnedGraph& owned);

// As "encoder.layer.0", "proj, call 2" or ".".
std::string NameOf(const Hierarchy& hierarchy, const ModuleInstance& instance);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_MODULE_INSTANCES_H_
