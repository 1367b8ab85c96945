// A ModelIndex as text, for tests that compare it whole.
#ifndef MODELEXPORT_TESTING_INDEX_TEXT_H_
#define MODELEXPORT_TESTING_INDEX_TEXT_H_

#include <string>

#include "modelexport/onnx/model_index.h"

namespace modelexport::testing {

// One line for the model and for each graph, node and tensor, without byte ranges. Absent parts are
// left out, and so are values of metadata that were not loaded:
//
//   model ir_version 10, metadata "k"="v" "other", training_info 1
//   graph 0 main "main" (x) => (y): nodes 0-2, tensors 0-1
//   graph 1 function "local" "Scale" "overload" (a) => (c): nodes 2-3
//   graph 2 body "then_branch" of node 1, depth 1 "yes" () => (t): nodes 3-4
//   node 0 "n" MatMul (x, w) => (h) "k"="v"
//   node 1 domain.Op:overload (x, ) => (y)
//   tensor 0 initializer "w" 1[4, 4] in graph 0, external "w.bin"
//   tensor 1 attribute "" 7[] in graph 0, node 0
std::string ToText(const ModelIndex& index);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_INDEX_TEXT_H_
