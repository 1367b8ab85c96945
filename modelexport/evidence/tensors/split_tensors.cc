#include "modelexport/evidence/tensors/split_tensors.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/base/cancellation.h"

namespace modelexport {
namespace {

constexpr size_t kMostPieces = 16;

// How far apart in the file two pieces may be.
constexpr size_t kFarthest = 64;

class SplitSearch {
 public:
  SplitSearch(const TensorSearch& search, const std::vector<UnknownValue>& values)
      : search_(search), values_(values), sums_(values.size()), is_taken_(values.size()) {}

  std::vector<SplitTensor> Run(const std::atomic<bool>* cancelled) {
    for (size_t i = 0; i < values_.size(); ++i) {
      if (IsCancelled(cancelled)) break;
      const size_t rank = values_[i].content.value().dims.size();
      for (size_t axis = 0; axis < rank && !is_taken_[i]; ++axis) FindFrom(i, axis);
    }
    return std::move(found_);
  }

 private:
  void FindFrom(size_t first, size_t axis) {
    if (values_[first].content.is_quantized()) return;
    std::vector<size_t> pieces = {first};
    std::vector<int64_t> dims = values_[first].content.value().dims;
    while (pieces.size() < kMostPieces) {
      const absl::optional<size_t> next = NextPiece(pieces.back(), dims, axis);
      if (!next.has_value()) return;
      pieces.push_back(*next);
      dims[axis] += values_[*next].content.value().dims[axis];
      if (search_.Wants(values_[first].content, dims) && Take(pieces, dims)) return;
    }
  }

  // The next value with the same type and dims, but for those along `axis`.
  absl::optional<size_t> NextPiece(size_t last, std::vector<int64_t> dims, size_t axis) const {
    const size_t end = std::min(values_.size(), last + 1 + kFarthest);
    for (size_t i = last + 1; i < end; ++i) {
      const StoredValue& value = values_[i].content.value();
      if (is_taken_[i] || value.dims.size() != dims.size() || values_[i].content.is_quantized() ||
          value.data_type != values_[last].content.value().data_type) {
        continue;
      }
      dims[axis] = value.dims[axis];
      if (value.dims == dims) return i;
    }
    return absl::nullopt;
  }

  bool Take(const std::vector<size_t>& pieces, const std::vector<int64_t>& dims) {
    ContentSums total;
    for (const size_t piece : pieces) {
      absl::optional<ContentSums>& sums = sums_[piece];
      if (!sums.has_value()) {
        absl::StatusOr<ContentSums> read = values_[piece].content.Sums();
        sums = read.ok() ? *read : ContentSums();  // Which nothing is like.
      }
      total.Add(*sums);
    }
    if (total.IsUniform()) return false;
    SplitTensor split;
    split.tensors = search_.WithSums(values_[pieces[0]].content, dims, total);
    if (split.tensors.empty()) return false;
    for (const size_t piece : pieces) {
      is_taken_[piece] = true;
      split.pieces.push_back(values_[piece].id);
    }
    found_.push_back(std::move(split));
    return true;
  }

  const TensorSearch& search_;
  const std::vector<UnknownValue>& values_;
  std::vector<absl::optional<ContentSums>> sums_;  // By value; those that were read.
  std::vector<bool> is_taken_;
  std::vector<SplitTensor> found_;
};

}  // namespace

std::vector<SplitTensor> FindSplitTensors(const TensorSearch& search,
                                          const std::vector<UnknownValue>& values,
                                          const std::atomic<bool>* cancelled) {
  return SplitSearch(search, values).Run(cancelled);
}

}  // namespace modelexport
