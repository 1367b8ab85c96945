// How commands find out what a run of a model costs.
#ifndef MODELEXPORT_COMMANDS_READ_COSTS_H_
#define MODELEXPORT_COMMANDS_READ_COSTS_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/costs/node_costs.h"
#include "modelexport/costs/value_shapes.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// The flag --dim=NAME=VALUE, which may be given several times.
Flag DimFlag(DimValues* dims);

// CostsOfNodes() with what `sources` and the model say. Lines of `notes` say which MACs are not
// known, and why. No weight is read. An error with Fault::kUsage: a name in `sources.dims` that no
// dimension of the model's inputs has.
absl::StatusOr<std::vector<NodeCost>> ReadNodeCosts(const GraphView& graph,
                                                    const ShapeSources& sources,
                                                    const std::atomic<bool>* cancelled,
                                                    std::vector<std::string>* notes);

// The same without inference and notes, if the model itself declares as many values as it has nodes
// and nothing is unknown or malformed; else empty.
std::vector<NodeCost> CostsAtHand(const GraphView& graph, const std::atomic<bool>* cancelled);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_READ_COSTS_H_
