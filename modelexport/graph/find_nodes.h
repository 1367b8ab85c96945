// Finds the nodes that a user names.
#ifndef MODELEXPORT_GRAPH_FIND_NODES_H_
#define MODELEXPORT_GRAPH_FIND_NODES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// The nodes that `text` may mean, in order. These are the node at that place, as GraphView::Place()
// writes it; if there is none, the nodes that make a value of that name, which each body and
// function may have; otherwise the nodes of that name, which need not be unique anywhere.
std::vector<NodeId> FindNodes(const GraphView& graph, absl::string_view text);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_FIND_NODES_H_
