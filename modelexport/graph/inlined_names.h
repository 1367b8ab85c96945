// How ONNX Runtime names the nodes of a function when it puts the function in place (1.18 to 1.32:
// Graph::InlineFunctionProto and GenerateNodeName in core/graph/graph.cc).
//
// A node N in the first call of a function F becomes "_inlfunc_F_N", in any other call
// "_inlfunc_F_token_3_N". The number counts, over all functions, the names that were taken.
#ifndef MODELEXPORT_GRAPH_INLINED_NAMES_H_
#define MODELEXPORT_GRAPH_INLINED_NAMES_H_

#include "absl/strings/string_view.h"

namespace modelexport {

inline constexpr absl::string_view kInlinedPrefix = "_inlfunc_";
inline constexpr absl::string_view kInlinedToken = "_token_";

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_INLINED_NAMES_H_
