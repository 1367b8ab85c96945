#include "modelexport/validation/shapes/making_operators.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/optional.h"
#include "modelexport/validation/shapes/moving_operators.h"
#include "modelexport/validation/shapes/small_proto.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

// The dims of a value of which the type is enough.
absl::optional<std::vector<int64_t>> KnownDims(const onnx::TypeProto* type) {
  if (type == nullptr || !type->has_tensor_type() || !type->tensor_type().has_shape()) {
    return absl::nullopt;
  }
  std::vector<int64_t> dims;
  for (const auto& dim : type->tensor_type().shape().dim()) {
    dims.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  }
  return dims;
}

}  // namespace

SmallResult RangeOf(const KnownNode& node) {
  if (node.num_inputs() != 3) return absl::nullopt;
  for (size_t i = 0; i < 3; ++i) {
    if (node.in(i).numbers.size() != 1) return absl::nullopt;
  }
  const SmallNumber start = node.in(0).numbers[0], limit = node.in(1).numbers[0];
  const SmallNumber step = node.in(2).numbers[0];
  const SmallNumber count = std::max<SmallNumber>(std::ceil((limit - start) / step), 0);
  if (!(count <= kMaxSmallTensor)) return absl::nullopt;  // So it is, too, if it is no number.
  return MakeSmall({static_cast<int64_t>(count)},
                   [&](SmallPosition at) { return start + at[0] * step; });
}

SmallResult Filled(const KnownNode& node) {
  if (!IsInteger(node.type(0))) return absl::nullopt;
  SmallNumber number = 0;
  if (const onnx::AttributeProto* value = node.Attribute("value")) {
    const SmallResult given = FromProto(value->t());
    if (!given.has_value() || given->numbers.size() != 1) return absl::nullopt;
    number = given->numbers[0];
  }
  return MakeSmall({node.in(0).numbers.begin(), node.in(0).numbers.end()},
                   [&](SmallPosition) { return number; });
}

SmallResult ReduceAll(const KnownNode& node, SmallNumber first, SmallFold function) {
  if (node.Int("noop_with_empty_axes", 0) != 0) return absl::nullopt;
  const auto axes = node.Ints("axes", 1);
  if (node.in(0).dims.size() > 1 && axes.has_value() && axes->size() != node.in(0).dims.size()) {
    return absl::nullopt;
  }
  for (SmallNumber number : node.in(0).numbers) first = function(first, number);
  std::vector<int64_t> dims;
  if (node.Int("keepdims", 1) != 0) dims.assign(node.in(0).dims.size(), 1);
  return SmallTensor{std::move(dims), {first}};
}

SmallResult ShapeOf(const KnownNode& node) {
  const auto dims = KnownDims(node.value_type(0));
  if (!dims.has_value()) return absl::nullopt;
  const int64_t rank = static_cast<int64_t>(dims->size());
  const auto slice = SliceOf(rank, node.Int("start", 0), node.Int("end", rank), 1);
  SmallTensor shape{{slice->count}, {}};
  for (int64_t i = 0; i < slice->count; ++i) {
    if ((*dims)[slice->first + i] < 0) return absl::nullopt;
    shape.numbers.push_back((*dims)[slice->first + i]);
  }
  return shape;
}

SmallResult SizeOf(const KnownNode& node) {
  const auto dims = KnownDims(node.value_type(0));
  if (!dims.has_value()) return absl::nullopt;
  SmallNumber size = 1;
  for (int64_t dim : *dims) {
    if (dim < 0) return absl::nullopt;
    size *= dim;
  }
  return SmallTensor{{}, {size}};
}

}  // namespace modelexport
