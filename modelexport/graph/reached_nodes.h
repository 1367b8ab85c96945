// What runs when certain nodes do.
#ifndef MODELEXPORT_GRAPH_REACHED_NODES_H_
#define MODELEXPORT_GRAPH_REACHED_NODES_H_

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

struct ReachedNodes {
  absl::flat_hash_set<NodeId> nodes;
  absl::flat_hash_set<GraphId> functions;
};

// The nodes given, those in their bodies and in the functions that they call, at any depth; and
// these functions. Takes time in proportion to the nodes that it finds.
ReachedNodes ReachedFrom(const GraphView& graph, absl::Span<const NodeId> nodes);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_REACHED_NODES_H_
