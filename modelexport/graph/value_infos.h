// What a graph says of its inputs and outputs, made for values that were none before.
#ifndef MODELEXPORT_GRAPH_VALUE_INFOS_H_
#define MODELEXPORT_GRAPH_VALUE_INFOS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/type_inference.h"
#include "modelexport/graph/value_types.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {

struct ValueInfo {
  ValueId value;
  ValueType type;
  std::string content;  // Of a ValueInfoProto, with the value's name and, if known, its type.

  // Whether inputs and outputs may have the type: of a tensor elements and rank are known, as
  // onnx's checker demands.
  bool is_complete() const;
};

// One for each of `values`, as the model declares them: content that it has is copied.
absl::StatusOr<std::vector<ValueInfo>> DeclaredInfos(const GraphView& graph,
                                                     const ValueTypes& types,
                                                     absl::Span<const ValueId> values);

// Gives those that are not complete the types that were inferred. An error: a type that cannot be
// read.
absl::Status TakeInferred(const GraphView& graph, const std::vector<InferredType>& inferred,
                          std::vector<ValueInfo>* infos);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_VALUE_INFOS_H_
