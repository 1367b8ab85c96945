// What became of the nodes of a model since another version of it.
#ifndef MODELEXPORT_COMMANDS_NODE_FATES_H_
#define MODELEXPORT_COMMANDS_NODE_FATES_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/view/view_data.h"

namespace modelexport {

// Of each node of `owned` what NodeIdentity says of it and the model at `other`, which is read with
// the same source of modules. Errors are those of ReadOwned().
absl::StatusOr<ViewData::Marks> NodeFates(const OwnedGraph& owned, const std::string& other,
                                          const std::string& hierarchy,
                                          const std::atomic<bool>* cancelled);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_NODE_FATES_H_
