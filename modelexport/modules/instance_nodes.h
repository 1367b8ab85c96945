// The nodes of each call of a module that could become a function.
#ifndef MODELEXPORT_MODULES_INSTANCE_NODES_H_
#define MODELEXPORT_MODULES_INSTANCE_NODES_H_

#include <vector>

#include "modelexport/modules/module_instances.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/modules/small_constants.h"

namespace modelexport {

// By instance: its nodes and those of all instances below it, in order, with these exceptions.
//
// - Constant nodes (graph/constant_nodes.h) only count if nobody else reads what they make and they
//   depend on small constants alone. Constant nodes themselves, as SmallConstants has them, never
//   do: who reads them decides what becomes of them.
// - Helpers do not count: where an exporter computes once what many modules read, the first one
//   that reads it owns it. A helper is a node whose result is read outside and that depends on no
//   weight within the instance, with all that it depends on there, if that is less than half of the
//   instance's nodes. It counts for the instance around. Modules that are not called have none.
//
// So an instance has only nodes that those around it have too. The time is that of the nodes times
// how deep instances are nested.
std::vector<std::vector<NodeId>> NodesOfInstances(const OwnedGraph& owned,
                                                  const SmallConstants& constants,
                                                  std::vector<ModuleInstance> instances);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_INSTANCE_NODES_H_
