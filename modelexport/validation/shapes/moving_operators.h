// Operators that give the elements of tensors another place or shape. Each takes a node that
// IsKnown() and gives its result; absent if the node is malformed or what it says is not known.
#ifndef MODELEXPORT_VALIDATION_SHAPES_MOVING_OPERATORS_H_
#define MODELEXPORT_VALIDATION_SHAPES_MOVING_OPERATORS_H_

#include <cstdint>

#include "absl/types/optional.h"
#include "modelexport/validation/shapes/known_node.h"
#include "modelexport/validation/shapes/small_tensor.h"

namespace modelexport {

SmallResult ReshapeTo(const KnownNode& node);
SmallResult SqueezeDims(const KnownNode& node);
SmallResult UnsqueezeDims(const KnownNode& node);
SmallResult FlattenDims(const KnownNode& node);
SmallResult TransposeDims(const KnownNode& node);
SmallResult GatherAlong(const KnownNode& node);
SmallResult SliceAxes(const KnownNode& node);
SmallResult ConcatAlong(const KnownNode& node);  // Of tensors with one dimension.
SmallResult ExpandTo(const KnownNode& node);

// Which elements of one axis Slice takes.
struct AxisSlice {
  int64_t first = 0, step = 1, count = 0;
};

// Of an axis of `size` elements, by ONNX's rules; absent if the step is 0 or cannot be negated.
absl::optional<AxisSlice> SliceOf(int64_t size, int64_t start, int64_t end, int64_t step);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_MOVING_OPERATORS_H_
