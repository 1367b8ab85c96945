// A model in pieces that run one after the other.
#ifndef MODELEXPORT_MODULES_CHAIN_H_
#define MODELEXPORT_MODULES_CHAIN_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// By piece, in order, all nodes of the main graph that are not constant (constant_nodes.h): one
// piece for each of `parts`, which has the nodes of that part. A node of no part is in the earliest
// piece that can have it, that of the last of the nodes that it reads, or the first. So what a
// piece reads is an input of the model, or made by a piece before it.
//
// A part's node in a body counts as the node of the main graph that holds it. Nodes in functions
// are left to the nodes that call them.
//
// Errors, kFailedPrecondition with Fault::kJudged: two parts have one node; a part reads what a
// later one makes; the nodes of the model are not sorted.
//
// Takes time in proportion to nodes and what they read.
absl::StatusOr<std::vector<std::vector<NodeId>>> ChainOf(
    const GraphView& graph, absl::Span<const std::vector<NodeId>> parts);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_CHAIN_H_
