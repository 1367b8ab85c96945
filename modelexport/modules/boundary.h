// What goes into a set of nodes, such as a call of a module, and what comes out of it.
#ifndef MODELEXPORT_MODULES_BOUNDARY_H_
#define MODELEXPORT_MODULES_BOUNDARY_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Each value is listed once, in the order in which the set first reads or makes it.
struct Boundary {
  std::vector<ValueId> inputs;        // Read inside and made outside; also names that nobody makes.
  std::vector<ValueId> initializers;  // Read inside. One that is a graph input too is listed here.
  std::vector<ValueId> outputs;       // Made inside, and read outside or an output of a graph.
};

// Bodies of If, Loop and Scan belong to their node: what they read of the graphs around it is read
// by it, and their own inputs, initializers and outputs cross nothing. A set that has nodes of a
// body and not its node ends at the inputs and outputs of that body.
//
// Takes time in proportion to the nodes of the set, what they read, and who reads what they make.
Boundary BoundaryOf(const GraphView& graph, absl::Span<const NodeId> nodes);

// For people and tests: "in: x, mask\nweights: w\nout: y\n".
std::string ToText(const GraphView& graph, const Boundary& boundary);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_BOUNDARY_H_
