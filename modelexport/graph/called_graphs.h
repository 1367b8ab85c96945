// How the graphs of a model are called: which of them can run at all, and which from one place
// alone.
#ifndef MODELEXPORT_GRAPH_CALLED_GRAPHS_H_
#define MODELEXPORT_GRAPH_CALLED_GRAPHS_H_

#include <vector>

#include "modelexport/graph/graph_view.h"

namespace modelexport {

// The number of chains of calls and bodies that lead from the main graph to each graph, by GraphId:
// 0 where nothing calls it, 1, or 2 for any greater number. The main graph has 1. Each graph is
// looked at no more than twice.
std::vector<int> CountCallChains(const GraphView& graph);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_CALLED_GRAPHS_H_
