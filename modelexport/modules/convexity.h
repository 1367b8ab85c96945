// Whether a set of nodes can become one node without a cycle.
#ifndef MODELEXPORT_MODULES_CONVEXITY_H_
#define MODELEXPORT_MODULES_CONVEXITY_H_

#include <vector>

#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// False if a path leaves the set and comes back: a node outside reads, over any number of nodes,
// what the set makes, and the set what that node makes. Bodies belong to their node, as in
// boundary.h; what a body makes reaches what its node makes, but not the other way round, so the
// iterations of a Loop are no path.
//
// The time is that of the nodes between the set's first and last one and of their edges; where the
// nodes of the model are not sorted as ONNX demands, of all that follow from the set.
bool IsConvex(const GraphView& graph, absl::Span<const NodeId> nodes);

// Such a path, if there is one: a node of the set, at least one that is not, and one of the set.
std::vector<NodeId> FindWayBack(const GraphView& graph, absl::Span<const NodeId> nodes);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_CONVEXITY_H_
