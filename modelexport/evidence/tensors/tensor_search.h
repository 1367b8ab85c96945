// Finds the tensors of the source model by what stored values hold.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_TENSOR_SEARCH_H_
#define MODELEXPORT_EVIDENCE_TENSORS_TENSOR_SEARCH_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/evidence/tensors/part_sizes.h"
#include "modelexport/evidence/tensors/stored_content.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The parts that a stored value holds, one behind another along an axis; for each the tensors that
// it may be, in the sidecar's order. One part: the value is that tensor.
using HeldParts = std::vector<std::vector<TensorId>>;

// By shape, up to transposition and reshaping, and by `stats` (docs/sidecar.md), with a tolerance
// that depends on the type of the elements. Tensors of one element are left out, and integers that
// are all the same: such values are everywhere. Not safe for use by several threads.
class TensorSearch {
 public:
  // `wanted`, by tensor: content is only read where it may be one of these, or one part of it.
  // `hierarchy` must outlive the object.
  TensorSearch(const Hierarchy& hierarchy, const std::vector<bool>& wanted);

  // Empty if there is nothing that it can be, or more than kMaxAlternatives, or if more than
  // kMaxCompared tensors with other statistics share its size and minimum. Of several, no one is
  // preferred: tensors that are equal all fit. Errors are those of reading.
  absl::StatusOr<HeldParts> Find(const StoredContent& content) const;

  // Whether a tensor of these dims, in any order, with elements as `content` may hold is wanted.
  bool Wants(const StoredContent& content, absl::Span<const int64_t> dims) const;

  // The tensors of these dims, in any order, with elements as `content` holds and such sums.
  std::vector<TensorId> WithSums(const StoredContent& content, absl::Span<const int64_t> dims,
                                 const ContentSums& sums) const;

  static constexpr size_t kMaxAlternatives = 256;
  static constexpr size_t kMaxCompared = 2048;

  // How often there were more tensors than that, so that none was named.
  size_t num_too_many() const { return num_too_many_; }

 private:
  // Tensors that nothing but their names tells apart, in the sidecar's order.
  struct Equals {
    TensorStats stats;
    absl::string_view dtype;
    std::vector<int64_t> essence;  // The dims in order of size, without those of 1.
    std::vector<TensorId> tensors;
  };
  // Kinds of elements, as bits: which ones there are, and which ones are wanted.
  struct Kinds {
    uint8_t all = 0;
    uint8_t wanted = 0;

    void Add(absl::string_view dtype, bool is_wanted);
  };

  void Add(TensorId id, bool is_wanted);
  static void MergeEquals(std::vector<Equals>* all);
  std::vector<TensorId> Like(const StoredContent& content, absl::Span<const int64_t> dims,
                             const ContentSums& sums, int least_rank) const;
  HeldParts FindParts(const StoredContent& content, size_t axis, const std::vector<int64_t>& sizes,
                      const std::vector<ContentSums>& sums) const;

  const Hierarchy& hierarchy_;
  absl::flat_hash_map<uint64_t, std::vector<Equals>> by_count_;  // In order of stats.min.
  absl::flat_hash_map<uint64_t, Kinds> kinds_by_count_;
  absl::flat_hash_map<std::vector<int64_t>, Kinds> kinds_by_essence_;
  PartSizes part_sizes_;
  mutable size_t num_too_many_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_TENSOR_SEARCH_H_
