// Which graphs of a model can run.
#ifndef MODELEXPORT_GRAPH_CALLED_GRAPHS_H_
#define MODELEXPORT_GRAPH_CALLED_GRAPHS_H_

#include <vector>

#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Tells for each graph whether it is the main graph, or a chain of calls and bodies leads to it
// from there.
std::vector<bool> CalledGraphs(const GraphView& graph);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_CALLED_GRAPHS_H_
