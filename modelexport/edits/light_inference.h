// Types that a model does not declare, found without the elements of its large tensors.
#ifndef MODELEXPORT_EDITS_LIGHT_INFERENCE_H_
#define MODELEXPORT_EDITS_LIGHT_INFERENCE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/edits/bound_dims.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/type_inference.h"
#include "modelexport/onnx/declarations.h"

namespace modelexport {

// What `inference` says of a LightCopy of the model in which `dims` have values. Errors are those
// of `inference` and BoundDims.
absl::StatusOr<std::vector<InferredType>> InferTypes(const GraphView& graph,
                                                     const Declarations& declared,
                                                     const TypeInference& inference,
                                                     const DimValues& dims = {});

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_LIGHT_INFERENCE_H_
