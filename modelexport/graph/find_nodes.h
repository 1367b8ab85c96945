// Nodes as users name them.
#ifndef MODELEXPORT_GRAPH_FIND_NODES_H_
#define MODELEXPORT_GRAPH_FIND_NODES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// The nodes that `text` may mean, in order: the one at that place, as GraphView::Place() writes it;
// else those that make a value of that name, which bodies and functions may each have; else those
// of that name, which need not be unique anywhere.
std::vector<NodeId> FindNodes(const GraphView& graph, absl::string_view text);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_FIND_NODES_H_
