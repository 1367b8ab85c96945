#include "modelexport/validation/shapes/small_tensor.h"

#include <algorithm>

namespace modelexport {
namespace {

// How many there are, or one more than kMaxSmallTensor. Absent if a dim is negative.
absl::optional<int64_t> CountUpToLimit(absl::Span<const int64_t> dims) {
  if (std::find(dims.begin(), dims.end(), 0) != dims.end()) return 0;
  int64_t count = 1;
  for (int64_t dim : dims) {
    if (dim < 0) return absl::nullopt;
    if (dim > kMaxSmallTensor / count) return kMaxSmallTensor + 1;
    count *= dim;
  }
  return count;
}

// To the next one in order.
void Advance(absl::Span<const int64_t> dims, std::vector<int64_t>* position) {
  for (size_t i = dims.size(); i-- > 0;) {
    if (++(*position)[i] < dims[i]) return;
    (*position)[i] = 0;
  }
}

}  // namespace

SmallResult MakeSmall(std::vector<int64_t> dims,
                      absl::FunctionRef<SmallNumber(SmallPosition)> number) {
  const absl::optional<int64_t> count = CountUpToLimit(dims);
  if (!count.has_value() || *count > kMaxSmallTensor || dims.size() > kMaxSmallRank)
    return absl::nullopt;
  SmallTensor tensor{std::move(dims), {}};
  std::vector<int64_t> position(tensor.dims.size(), 0);
  for (int64_t i = 0; i < *count; ++i) {
    tensor.numbers.push_back(number(position));
    Advance(tensor.dims, &position);
  }
  return tensor;
}

SmallNumber BroadcastAt(const SmallTensor& tensor, SmallPosition position) {
  const size_t skipped = position.size() - tensor.dims.size();
  int64_t offset = 0;
  for (size_t i = 0; i < tensor.dims.size(); ++i) {
    offset = offset * tensor.dims[i] + (tensor.dims[i] == 1 ? 0 : position[skipped + i]);
  }
  return tensor.numbers[offset];
}

absl::optional<std::vector<int64_t>> BroadcastDims(absl::Span<const int64_t> a,
                                                   absl::Span<const int64_t> b) {
  if (a.size() < b.size()) std::swap(a, b);
  std::vector<int64_t> dims(a.begin(), a.end());
  const size_t skipped = a.size() - b.size();
  for (size_t i = 0; i < b.size(); ++i) {
    int64_t& dim = dims[skipped + i];
    if (dim == 1) dim = b[i];
    if (b[i] != 1 && b[i] != dim) return absl::nullopt;
  }
  return dims;
}

SmallNumber ElementAt(const SmallTensor& tensor, SmallPosition position) {
  return BroadcastAt(tensor, position);
}

}  // namespace modelexport
