// Which nodes compute the same whatever a model is given.
#ifndef MODELEXPORT_GRAPH_CONSTANT_NODES_H_
#define MODELEXPORT_GRAPH_CONSTANT_NODES_H_

#include <vector>

#include "modelexport/graph/graph_view.h"

namespace modelexport {

// By node: true if it depends on no input of a graph or function and on no random number. An
// initializer counts as constant even where it is the default of an input, as all are up to IR
// version 3. A node with bodies depends on what these read. Names that nothing makes are inputs.
//
// Takes time in proportion to the nodes and what they read.
std::vector<bool> FindConstantNodes(const GraphView& graph);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_CONSTANT_NODES_H_
