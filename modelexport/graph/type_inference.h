// Finds the types of values that a model does not declare.
//
// It is an interface, so that each program decides whether to link onnx, which takes minutes to
// build: OnnxTypes (validation/onnx_types.h) or your own.
#ifndef MODELEXPORT_GRAPH_TYPE_INFERENCE_H_
#define MODELEXPORT_GRAPH_TYPE_INFERENCE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

struct InferredType {
  std::string value;  // Its name, in the main graph or a body.
  std::string type;   // A serialized TypeProto.
};

// What follows from the declared types and the operators of `model`, of which tensors may lack
// their elements. In any order; what nothing is known of is left out, and so is a name that several
// graphs use for values of different types. Must neither throw nor print. An error says why nothing
// could be found, or is that of reading `model`.
using TypeInference =
    std::function<absl::StatusOr<std::vector<InferredType>>(const ByteSource& model)>;

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_TYPE_INFERENCE_H_
