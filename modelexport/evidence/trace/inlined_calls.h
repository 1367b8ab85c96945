// Nodes of functions that a tool put in place, call by call.
#ifndef MODELEXPORT_EVIDENCE_TRACE_INLINED_CALLS_H_
#define MODELEXPORT_EVIDENCE_TRACE_INLINED_CALLS_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "modelexport/evidence/trace/clues.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/hierarchy/module_ranges.h"

namespace modelexport {

// Gives anchors, which are not exact, to nodes that have none and are nodes of a function that was
// called several times: they are of the module of their call, or below it.
//
// What one node of the function is in several calls tells where these are: if "MatMul_0" is of
// layers.0.fc, layers.1.fc and so on, the calls are in layers.0 and layers.1. Where nodes disagree
// about a call, or calls about a node, nothing is said of it.
//
// The module of a node is that of its anchor, if this is exact, or else the owner of the tensors
// that the node reads; `owner_of_tensors` gives it, invalid if it is not known. `ranges` are those
// of `hierarchy`; `anchors` are by node. Takes time in proportion to the nodes and the lengths of
// their names.
void AnchorInlinedCalls(const GraphView& graph, const Hierarchy& hierarchy,
                        const ModuleRanges& ranges,
                        absl::FunctionRef<ModuleId(NodeId)> owner_of_tensors,
                        std::vector<Anchor>* anchors);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_INLINED_CALLS_H_
