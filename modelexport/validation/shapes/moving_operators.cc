#include "modelexport/validation/shapes/moving_operators.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

// The position that a negative one means; absent if it is not below `size`.
absl::optional<int64_t> Within(int64_t position, int64_t size) {
  if (position < 0) position += size;
  if (position < 0 || position >= size) return absl::nullopt;
  return position;
}

int64_t Rank(const SmallTensor& tensor) { return static_cast<int64_t>(tensor.dims.size()); }

SmallResult Reshaped(const KnownNode& node, std::vector<int64_t> dims) {
  SmallTensor result = node.in(0);
  result.dims = std::move(dims);
  return result;
}

}  // namespace

SmallResult ReshapeTo(const KnownNode& node) {
  auto dims = node.Ints("shape", 1);
  if (!dims.has_value()) return absl::nullopt;
  const SmallTensor& data = node.in(0);
  int64_t known = 1;
  int64_t* open = nullptr;
  for (size_t i = 0; i < dims->size(); ++i) {
    int64_t& dim = (*dims)[i];
    if (dim == 0 && node.Int("allowzero", 0) == 0 && i < data.dims.size()) dim = data.dims[i];
    if (dim == -1 && open == nullptr) {
      open = &dim;
    } else if (dim < 0 || dim > kMaxSmallTensor || (known *= dim) > kMaxSmallTensor) {
      return absl::nullopt;
    }
  }
  const int64_t count = static_cast<int64_t>(data.numbers.size());
  if (open != nullptr && known > 0) known *= (*open = count / known);
  return known == count ? Reshaped(node, *std::move(dims)) : absl::nullopt;
}

SmallResult SqueezeDims(const KnownNode& node) {
  const auto axes = node.Ints("axes", 1);
  std::vector<bool> gone(node.in(0).dims.size());
  for (size_t i = 0; i < gone.size(); ++i) gone[i] = !axes.has_value() && node.in(0).dims[i] == 1;
  for (int64_t axis : axes.value_or(std::vector<int64_t>())) {
    const auto at = Within(axis, Rank(node.in(0)));
    if (!at.has_value() || node.in(0).dims[*at] != 1) return absl::nullopt;
    gone[*at] = true;
  }
  std::vector<int64_t> dims;
  for (size_t i = 0; i < gone.size(); ++i) {
    if (!gone[i]) dims.push_back(node.in(0).dims[i]);
  }
  return Reshaped(node, std::move(dims));
}

SmallResult UnsqueezeDims(const KnownNode& node) {
  const auto axes = node.Ints("axes", 1);
  if (!axes.has_value()) return absl::nullopt;
  std::vector<bool> added(node.in(0).dims.size() + axes->size());
  for (int64_t axis : *axes) {
    const auto at = Within(axis, static_cast<int64_t>(added.size()));
    if (!at.has_value() || added[*at]) return absl::nullopt;
    added[*at] = true;
  }
  std::vector<int64_t> dims;
  size_t next = 0;
  for (bool is_added : added) dims.push_back(is_added ? 1 : node.in(0).dims[next++]);
  return Reshaped(node, std::move(dims));
}

SmallResult FlattenDims(const KnownNode& node) {
  const int64_t axis = node.Int("axis", 1), rank = Rank(node.in(0));
  if (axis < -rank || axis > rank) return absl::nullopt;
  std::vector<int64_t> dims{1, 1};
  for (int64_t i = 0; i < rank; ++i)
    dims[i < (axis < 0 ? axis + rank : axis) ? 0 : 1] *= node.in(0).dims[i];
  return Reshaped(node, std::move(dims));
}

SmallResult TransposeDims(const KnownNode& node) {
  const SmallTensor& data = node.in(0);
  std::vector<int64_t> permutation;
  if (const onnx::AttributeProto* perm = node.Attribute("perm")) {
    permutation.assign(perm->ints().begin(), perm->ints().end());
  } else {
    for (int64_t i = Rank(data); i-- > 0;) permutation.push_back(i);
  }
  std::vector<int64_t> sorted = permutation, dims;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t i = 0; i < Rank(data); ++i) {
    if (static_cast<int64_t>(sorted.size()) != Rank(data) || sorted[i] != i) return absl::nullopt;
    dims.push_back(data.dims[permutation[i]]);
  }
  return MakeSmall(dims, [&](SmallPosition at) {
    std::vector<int64_t> from(at.size());
    for (size_t i = 0; i < at.size(); ++i) from[permutation[i]] = at[i];
    return ElementAt(data, from);
  });
}

SmallResult GatherAlong(const KnownNode& node) {
  if (node.num_inputs() != 2 || !IsInteger(node.type(1))) return absl::nullopt;
  const SmallTensor &data = node.in(0), &indices = node.in(1);
  const auto axis = Within(node.Int("axis", 0), Rank(data));
  if (!axis.has_value()) return absl::nullopt;
  const int64_t size = data.dims[*axis];
  for (SmallNumber index : indices.numbers) {
    if (!Within(static_cast<int64_t>(index), size).has_value()) return absl::nullopt;
  }
  std::vector<int64_t> dims(data.dims.begin(), data.dims.begin() + *axis);
  dims.insert(dims.end(), indices.dims.begin(), indices.dims.end());
  dims.insert(dims.end(), data.dims.begin() + *axis + 1, data.dims.end());
  return MakeSmall(dims, [&](SmallPosition at) {
    const auto index =
        static_cast<int64_t>(ElementAt(indices, at.subspan(*axis, indices.dims.size())));
    std::vector<int64_t> from(at.begin(), at.begin() + *axis);
    from.push_back(*Within(index, size));
    from.insert(from.end(), at.begin() + *axis + indices.dims.size(), at.end());
    return ElementAt(data, from);
  });
}

absl::optional<AxisSlice> SliceOf(int64_t size, int64_t start, int64_t end, int64_t step) {
  if (step == 0 || step == INT64_MIN) return absl::nullopt;
  const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  if (start < 0) start += size;
  if (end < 0) end = end < -size ? -1 : end + size;  // Without overflow at INT64_MIN.
  start = std::clamp<int64_t>(start, std::max<int64_t>(low, 0), high);
  end = std::clamp(end, low, size);
  AxisSlice slice{start, step, 0};
  if (step > 0 && end > start) slice.count = (end - start - 1) / step + 1;
  if (step < 0 && end < start) slice.count = (start - end - 1) / -step + 1;
  return slice;
}

SmallResult SliceAxes(const KnownNode& node) {
  const SmallTensor& data = node.in(0);
  const auto starts = node.Ints("starts", 1), ends = node.Ints("ends", 2);
  auto axes = node.Ints("axes", 3);
  const auto steps = node.Ints("steps", 4);
  if (!starts.has_value() || !ends.has_value() || starts->size() != ends->size()) {
    return absl::nullopt;
  }
  std::vector<AxisSlice> slices;
  for (int64_t dim : data.dims) slices.push_back({0, 1, dim});
  for (size_t i = 0; i < starts->size(); ++i) {
    if ((axes.has_value() && i >= axes->size()) || (steps.has_value() && i >= steps->size())) {
      return absl::nullopt;
    }
    const auto axis = Within(axes.has_value() ? (*axes)[i] : static_cast<int64_t>(i), Rank(data));
    if (!axis.has_value()) return absl::nullopt;
    const auto slice =
        SliceOf(data.dims[*axis], (*starts)[i], (*ends)[i], steps.has_value() ? (*steps)[i] : 1);
    if (!slice.has_value()) return absl::nullopt;
    slices[*axis] = *slice;
  }
  std::vector<int64_t> dims;
  for (const AxisSlice& slice : slices) dims.push_back(slice.count);
  return MakeSmall(dims, [&](SmallPosition at) {
    std::vector<int64_t> from;
    for (size_t i = 0; i < at.size(); ++i) from.push_back(slices[i].first + at[i] * slices[i].step);
    return ElementAt(data, from);
  });
}

SmallResult ConcatAlong(const KnownNode& node) {
  SmallTensor result = node.in(0);
  if (Rank(result) != 1) return absl::nullopt;
  for (size_t i = 1; i < node.num_inputs(); ++i) {
    if (Rank(node.in(i)) != 1) return absl::nullopt;
    const std::vector<SmallNumber>& more = node.in(i).numbers;
    result.numbers.insert(result.numbers.end(), more.begin(), more.end());
  }
  result.dims[0] = static_cast<int64_t>(result.numbers.size());
  return result.dims[0] <= kMaxSmallTensor ? SmallResult(std::move(result)) : absl::nullopt;
}

SmallResult ExpandTo(const KnownNode& node) {
  const auto shape = node.Ints("shape", 1);
  auto dims = BroadcastDims(node.in(0).dims, shape.value_or(std::vector<int64_t>()));
  if (!shape.has_value() || !dims.has_value()) return absl::nullopt;
  return MakeSmall(*std::move(dims), [&](SmallPosition at) { return BroadcastAt(node.in(0), at); });
}

}  // namespace modelexport
