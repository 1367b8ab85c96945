// Which execution provider of ONNX Runtime runs each node, as a file says it.
#ifndef MODELEXPORT_COMMANDS_PLACEMENT_FILE_H_
#define MODELEXPORT_COMMANDS_PLACEMENT_FILE_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/modules/label_counts.h"

namespace modelexport {

struct PlacedNodes {
  NodeLabels providers;            // "CPU" for "CPUExecutionProvider".
  std::vector<std::string> notes;  // How many nodes the file says nothing of, or names in vain.
};

// Reads one of two forms, which is told by its content:
// - the profile of a session of ONNX Runtime (Chrome trace events, as a list or in the member
//   "traceEvents"): an event with "cat": "Node" is called "<name of a node>_kernel_time" and has
//   the member "provider" of "args";
// - an object whose members are execution providers, each with a list of names of nodes.
// Nodes are found by their names, those of bodies too; all nodes of one name have one provider. A
// name for which the file gives several is left out, as are nodes without a name.
//
// Errors name the file and the JSON path; with Fault::kJudged, the file has names and none of them
// is that of a node. kCancelled soon after `*cancelled` is true; null: never.
absl::StatusOr<PlacedNodes> ReadPlacement(const std::string& path, const GraphView& graph,
                                          const std::atomic<bool>* cancelled);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_PLACEMENT_FILE_H_
