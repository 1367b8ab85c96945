// A model in which dimensions with names have values.
#ifndef MODELEXPORT_EDITS_BOUND_DIMS_H_
#define MODELEXPORT_EDITS_BOUND_DIMS_H_

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {

// Values of dimensions by their names (TensorShapeProto.Dimension.dim_param).
using DimValues = absl::flat_hash_map<std::string, int64_t>;

// Gives the dimensions of a tensor that `dims` names their values. Whether there are any.
bool BindDims(const DimValues& dims, ValueType* type);

// What graphs declare of tensors, with the values of `dims`. Functions stay as they are. Immutable
// once made.
class BoundDims {
 public:
  // An error: a type that cannot be read.
  static absl::StatusOr<BoundDims> Make(const ModelIndex& index, const Declarations& declared,
                                        const DimValues& dims);

  // They live as long as the object.
  absl::Span<const Edit> edits() const { return edits_; }

 private:
  std::vector<Edit> edits_;
  std::deque<std::string> bytes_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_BOUND_DIMS_H_
