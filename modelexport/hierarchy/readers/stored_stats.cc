#include "modelexport/hierarchy/readers/stored_stats.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "absl/types/span.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/element_type.h"

namespace modelexport {
namespace {

// Sums of sums: what is rounded off does not grow with the number of elements.
class Sums {
 public:
  void Add(absl::Span<const double> block) {
    double sum = 0, squares = 0;
    for (const double element : block) {
      min_ = std::min(min_, element);
      max_ = std::max(max_, element);
      sum += element;
      squares += element * element;
    }
    sum_ += sum;
    squares_ += squares;
    count_ += block.size();
  }

  // NaN and infinite elements show in the sum of squares.
  absl::optional<TensorStats> Stats() const {
    if (count_ == 0 || !std::isfinite(squares_)) return absl::nullopt;
    return TensorStats{min_, max_, sum_ / static_cast<double>(count_), std::sqrt(squares_)};
  }

 private:
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  double sum_ = 0, squares_ = 0;
  uint64_t count_ = 0;
};

}  // namespace

absl::StatusOr<absl::optional<TensorStats>> StatsOf(const ModelIndex& index,
                                                    const TensorRecord& tensor,
                                                    const DataFolder& folder) {
  if (tensor.data_type == data_type::kBool) return absl::optional<TensorStats>();
  Sums sums;
  MX_RETURN_IF_ERROR(ReadElements(index, tensor, folder,
                                  [&sums](absl::Span<const double> block) { sums.Add(block); }));
  return sums.Stats();
}

}  // namespace modelexport
