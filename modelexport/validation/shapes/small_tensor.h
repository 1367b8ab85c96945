// Tensors of a few numbers, such as those that shapes are computed with.
#ifndef MODELEXPORT_VALIDATION_SHAPES_SMALL_TENSOR_H_
#define MODELEXPORT_VALIDATION_SHAPES_SMALL_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace modelexport {

// Larger tensors are not computed with: no shape has so many numbers.
inline constexpr int64_t kMaxSmallTensor = 1024;
inline constexpr int kMaxSmallRank = 16;

// Holds each 64-bit integer and each double exactly.
using SmallNumber = long double;
static_assert(std::numeric_limits<SmallNumber>::digits >= 64, "int64 would lose digits");

struct SmallTensor {
  std::vector<int64_t> dims;
  std::vector<SmallNumber> numbers;  // As many as `dims` say, the last dimension fastest.
};

using SmallResult = absl::optional<SmallTensor>;  // Absent: cannot be computed.

// Positions of an element, one for each dimension.
using SmallPosition = absl::Span<const int64_t>;

// A tensor of these dims, of which `number` gives each element. Absent if a dim is negative, and if
// it would be larger than the limits above.
SmallResult MakeSmall(std::vector<int64_t> dims,
                      absl::FunctionRef<SmallNumber(SmallPosition)> number);

// The element of `tensor` at `position`, of which the last dimensions count, by ONNX's rules of
// broadcasting. Must be within.
SmallNumber BroadcastAt(const SmallTensor& tensor, SmallPosition position);

// The dims that both broadcast to; absent if they do not fit.
absl::optional<std::vector<int64_t>> BroadcastDims(absl::Span<const int64_t> a,
                                                   absl::Span<const int64_t> b);

// The element at exactly this position. Must be within.
SmallNumber ElementAt(const SmallTensor& tensor, SmallPosition position);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_SMALL_TENSOR_H_
