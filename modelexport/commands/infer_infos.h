// The types of values that become inputs or outputs of a model.
#ifndef MODELEXPORT_COMMANDS_INFER_INFOS_H_
#define MODELEXPORT_COMMANDS_INFER_INFOS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/type_inference.h"
#include "modelexport/graph/value_infos.h"
#include "modelexport/onnx/declarations.h"

namespace modelexport {

// One for each of `values`: as declared, else as `inference`, which may be empty, finds them. It is
// asked only if one is not complete, about a copy without the elements of large tensors. If it
// cannot judge the model, a line of `warnings` says why.
absl::StatusOr<std::vector<ValueInfo>> InferInfos(const GraphView& graph,
                                                  const Declarations& declared,
                                                  absl::Span<const ValueId> values,
                                                  const TypeInference& inference,
                                                  std::vector<std::string>* warnings);

// An error with Fault::kJudged that counts the values that are not complete, if there are any.
absl::Status RefuseIncomplete(const GraphView& graph, absl::Span<const ValueInfo> infos);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_INFER_INFOS_H_
