// The sizes that tensors have along one axis, for tensors that agree in all others.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_PART_SIZES_H_
#define MODELEXPORT_EVIDENCE_TENSORS_PART_SIZES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

namespace modelexport {

// The dims in order of size, without those of 1: what transposing and squeezing leave.
std::vector<int64_t> Essence(absl::Span<const int64_t> dims);

// Which sizes tensors can have as parts of a value that is their concatenation. Not safe for use
// by several threads: answers are kept.
class PartSizes {
 public:
  // Of tensors with the same other dims no more different sizes than this are considered, in the
  // order of Add().
  static constexpr size_t kMaxSizes = 256;

  // Axes of values that are longer are not looked along for parts; nor are tensors with more dims
  // than kMaxDims.
  static constexpr int64_t kMaxAxis = 1 << 16;
  static constexpr size_t kMaxDims = 64;

  // Adds a tensor of this essence. `kind` is one bit; `is_wanted` says whether somebody looks for
  // the tensor.
  void Add(const std::vector<int64_t>& essence, uint8_t kind, bool is_wanted);

  // The sizes along `axis`, in ascending order and smaller than the value's own, of tensors of the
  // given kinds whose other dims, in any order, are those of the value. Empty if no parts of these
  // sizes add up to dims[axis], or if none of them is wanted.
  //
  // Takes time in proportion to kMaxSizes; over all calls for values with the same other dims it
  // takes kMaxAxis * kMaxSizes steps more at most.
  std::vector<int64_t> For(absl::Span<const int64_t> dims, size_t axis, uint8_t kinds) const;

  // Whether sizes were left out by kMaxSizes.
  bool left_out() const { return left_out_; }

 private:
  struct Kinds {
    uint8_t all = 0;
    uint8_t wanted = 0;
  };

  // Which sums the sizes of some kinds have, as far as was asked.
  class Sums {
   public:
    explicit Sums(std::vector<int64_t> sizes) : sizes_(std::move(sizes)) {}

    // Whether sizes smaller than `total`, each as often as needed, add up to it.
    bool Reach(int64_t total);

   private:
    bool Follows(int64_t total) const;

    const std::vector<int64_t> sizes_;    // Ascending.
    std::vector<bool> reached_ = {true};  // By sum; sizes as large as the sum count here.
  };

  struct Others {  // Tensors with the same other dims.
    std::map<int64_t, Kinds> sizes;
    mutable std::map<uint8_t, Sums> sums;  // By kinds.
  };

  void AddSize(std::vector<int64_t> others, int64_t size, uint8_t kind, bool is_wanted);

  absl::flat_hash_map<std::vector<int64_t>, std::unique_ptr<Others>> by_others_;
  bool left_out_ = false;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_PART_SIZES_H_
