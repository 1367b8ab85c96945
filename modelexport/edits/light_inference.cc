#include "modelexport/edits/light_inference.h"

#include "modelexport/base/status_macros.h"
#include "modelexport/edits/light_copy.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/onnx/spliced_source.h"

namespace modelexport {

absl::StatusOr<std::vector<InferredType>> InferTypes(const GraphView& graph,
                                                     const Declarations& declared,
                                                     const TypeInference& inference,
                                                     const DimValues& dims) {
  const ModelIndex& index = graph.index();
  const LightCopy light(index, declared);
  MX_ASSIGN_OR_RETURN(const BoundDims bound, BoundDims::Make(index, declared, dims));
  std::vector<Edit> edits(light.edits().begin(), light.edits().end());
  edits.insert(edits.end(), bound.edits().begin(), bound.edits().end());
  const SplicePlan plan(index, edits);
  return inference(SplicedSource(index.source(), plan));
}

}  // namespace modelexport
