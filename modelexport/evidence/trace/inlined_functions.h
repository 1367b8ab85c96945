// Functions that a tool put in place, found by what it made of the names of their nodes.
#ifndef MODELEXPORT_EVIDENCE_TRACE_INLINED_FUNCTIONS_H_
#define MODELEXPORT_EVIDENCE_TRACE_INLINED_FUNCTIONS_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// What a node is called in a function. The number is 0 for the function's own nodes; for those of
// a function that it calls, it tells this call from its others.
using NameInFunction = std::pair<uint64_t, absl::string_view>;
// One call. Names are parts of the graph's.
using InlinedCall = std::map<NameInFunction, NodeId>;
// The calls of one function; NameInFunction means the same in all of them.
using InlinedFunction = std::vector<InlinedCall>;

// The functions that `graph` calls, in no particular order.
//
// onnx's inliner writes "MatMul_0__3" where the function had "MatMul_0". The number is the same for
// all nodes of a call, and calls are numbered in the order in which they begin, those within a call
// after it (onnx/inliner/inliner.cc). The nodes of a call are neighbours, with those of the calls
// within it between them. Calls with the same nodes are of one function. A node counts for the
// eight innermost calls around it.
//
// ONNX Runtime writes "_inlfunc_Layer_token_2_MatMul_0" and, for the first call,
// "_inlfunc_Layer_MatMul_0" (core/graph/graph.cc). There, nodes are of the innermost call alone.
//
// Takes time in proportion to the nodes and the lengths of their names.
std::vector<InlinedFunction> FindInlinedFunctions(const GraphView& graph);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_INLINED_FUNCTIONS_H_
