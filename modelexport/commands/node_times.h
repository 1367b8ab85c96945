// What a profile says of single nodes.
#ifndef MODELEXPORT_COMMANDS_NODE_TIMES_H_
#define MODELEXPORT_COMMANDS_NODE_TIMES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/profiles/profile_forms.h"
#include "modelexport/view/view_data.h"

namespace modelexport {

// Per run, of the profile at `events`, which is read with these options as `profile` reads it:
// microseconds, or what else the profile counts. A node without a kernel has 0 if times were taken
// and each kernel is a node, as all that ran is known then; else it is unknown. A note says how
// much is of no node.
//
// Errors are those of ReadProfileFile(); with Fault::kJudged, the model is not the one that ran.
absl::StatusOr<ViewData::Metric> NodeTimes(const OwnedGraph& owned, const std::string& events,
                                           const ProfileOptions& options,
                                           std::vector<std::string>* notes);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_NODE_TIMES_H_
