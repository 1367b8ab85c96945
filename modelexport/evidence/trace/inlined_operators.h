// Operators that a tool replaced by the function that onnx defines for them.
#ifndef MODELEXPORT_EVIDENCE_TRACE_INLINED_OPERATORS_H_
#define MODELEXPORT_EVIDENCE_TRACE_INLINED_OPERATORS_H_

#include <vector>

#include "modelexport/evidence/trace/clues.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// The nodes of each such operator, in the order of the graph.
//
// ONNX Runtime does that where it has no kernel: HardSwish becomes HardSigmoid and Mul. Nodes of
// such a function have no names (onnx/defs), and a value X between them becomes
// "_inlfunc_HardSwish_X" or "_inlfunc_HardSwish_token_3_X" (graph/inlined_names.h). Nodes with
// names are of functions that the model itself had; these may be of several operators.
//
// Takes time in proportion to the values and their readers.
std::vector<std::vector<NodeId>> FindInlinedOperators(const GraphView& graph);

// Gives anchors, which are not exact, to nodes that have none and are of the same operator as nodes
// whose anchors are exact. Where these disagree, nothing is said. `anchors` are by node.
void AnchorInlinedOperators(const GraphView& graph, std::vector<Anchor>* anchors);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_INLINED_OPERATORS_H_
