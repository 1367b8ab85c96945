// The nodes of one call of a module, those of the modules that it calls included.
#ifndef MODELEXPORT_MODULES_CALL_NODES_H_
#define MODELEXPORT_MODULES_CALL_NODES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// In order. `ordinal` counts the calls of `module` from 0; absent: the only one.
//
// A node whose call is known belongs to `module` if it ran in that call, whatever its path: a
// shared module's nodes belong to whoever called it. Other nodes belong to it by their path. The
// root has all nodes of the main graph. A module without known calls, such as a ModuleList, has
// what is below it by path.
//
// Errors, with Fault::kJudged and without the module's name: several calls and no `ordinal`; one
// that there is not; several calls that the hierarchy counts and does not list; nodes below a
// module with several calls of which no call is known.
//
// The time is that of all nodes, times how deep calls are nested.
absl::StatusOr<std::vector<NodeId>> CallNodes(const OwnedGraph& owned, ModuleId module,
                                              absl::optional<uint32_t> ordinal);

// Those of all calls of `module` together, whichever they ran in: those whose known call ran in one
// of them, and others that are below it by path.
std::vector<NodeId> NodesOfAllCalls(const OwnedGraph& owned, ModuleId module);

// The path as users write it: "." for the root.
std::string WrittenPath(const Hierarchy& hierarchy, ModuleId module);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_CALL_NODES_H_
