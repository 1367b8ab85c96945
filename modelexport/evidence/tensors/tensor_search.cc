#include "modelexport/evidence/tensors/tensor_search.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

// How well a tensor fits. What is all the same must have the same dims, having nothing else; so
// must parts, of which anything could be made otherwise.
constexpr int kSameDims = 1;
constexpr int kLikely = 2;
constexpr int kLikelyOfSameDims = kLikely + kSameDims;

// Elements that may be summed to find the parts of one value. Sums of parts overlap, so that a
// value whose content fits everywhere would otherwise take its size times the sum of the sizes.
constexpr int64_t kMaxSummed = 1 << 24;

// Kinds of elements, and a dtype of each.
constexpr uint8_t kFloats = 1;
constexpr uint8_t kOthers = 2;
constexpr uint8_t kUnknown = 4;

uint8_t KindOf(absl::string_view dtype) {
  if (dtype.empty()) return kUnknown;
  return absl::StrContains(dtype, "float") ? kFloats : kOthers;
}

// The kinds that `content` may hold.
uint8_t KindsOf(const StoredContent& content) {
  return (content.MayHold("float32") ? kFloats : 0) | (content.MayHold("int64") ? kOthers : 0) |
         (content.MayHold("") ? kUnknown : 0);
}

bool MayHold(const StoredContent& content, uint8_t kinds) {
  return (KindsOf(content) & kinds) != 0;
}

std::vector<int64_t> WithDim(absl::Span<const int64_t> dims, size_t axis, int64_t dim) {
  std::vector<int64_t> changed(dims.begin(), dims.end());
  changed[axis] = dim;
  return changed;
}

uint64_t NumElements(absl::Span<const int64_t> shape) {
  uint64_t count = 1;
  for (const int64_t dim : shape) count *= static_cast<uint64_t>(dim);  // As many as exist.
  return count;
}

// The only way to fill an axis with parts, by dynamic programming from its end.
class OnlySplit {
 public:
  explicit OnlySplit(int64_t size) : ways_(size + 1), first_(size + 1) { ways_[size] = 1; }

  int64_t size() const { return static_cast<int64_t>(ways_.size()) - 1; }

  // Whether what lies behind a part can be filled.
  bool CanEndAt(int64_t end) const { return end <= size() && ways_[end] > 0; }

  void AddPart(int64_t begin, int64_t end) {
    ways_[begin] = std::min(2, ways_[begin] + ways_[end]);
    first_[begin] = end;
  }

  // The ends of the parts; empty if there is no way or more than one.
  std::vector<int64_t> Ends() const {
    std::vector<int64_t> ends;
    if (ways_[0] != 1) return ends;
    for (int64_t at = 0; at < size(); at = first_[at]) ends.push_back(first_[at]);
    return ends;
  }

 private:
  std::vector<int> ways_;  // By position: to fill the rest; 2 stands for more.
  std::vector<int64_t> first_;
};

ContentSums Total(absl::Span<const ContentSums> sums) {
  ContentSums total;
  for (const ContentSums& part : sums) total.Add(part);
  return total;
}

}  // namespace

void TensorSearch::Kinds::Add(absl::string_view dtype, bool is_wanted) {
  all |= KindOf(dtype);
  if (is_wanted) wanted |= KindOf(dtype);
}

TensorSearch::TensorSearch(const Hierarchy& hierarchy, const std::vector<bool>& wanted)
    : hierarchy_(hierarchy) {
  for (size_t i = 0; i < hierarchy.tensors().size(); ++i) Add(TensorId(i), wanted[i]);
  for (auto& entry : by_count_) MergeEquals(&entry.second);
}

void TensorSearch::Add(TensorId id, bool is_wanted) {
  const Tensor& tensor = hierarchy_.tensor(id);
  const uint64_t count = NumElements(tensor.shape);
  if (!tensor.stats.has_value() || count <= 1) return;
  if (KindOf(tensor.dtype) == kOthers && tensor.stats->min == tensor.stats->max) return;
  std::vector<int64_t> essence = Essence(tensor.shape);
  kinds_by_count_[count].Add(tensor.dtype, is_wanted);
  kinds_by_essence_[essence].Add(tensor.dtype, is_wanted);
  part_sizes_.Add(essence, KindOf(tensor.dtype), is_wanted);
  by_count_[count].push_back({*tensor.stats, tensor.dtype, std::move(essence), {id}});
}

void TensorSearch::MergeEquals(std::vector<Equals>* all) {
  const auto key = [](const Equals& e) {
    return std::tie(e.stats.min, e.stats.max, e.stats.mean, e.stats.l2, e.dtype, e.essence);
  };
  std::stable_sort(all->begin(), all->end(),
                   [&](const Equals& a, const Equals& b) { return key(a) < key(b); });
  size_t kept = 0;
  for (size_t i = 1; i < all->size(); ++i) {
    if (key((*all)[i]) == key((*all)[kept])) {
      (*all)[kept].tensors.push_back((*all)[i].tensors[0]);
    } else if (++kept != i) {
      (*all)[kept] = std::move((*all)[i]);
    }
  }
  all->resize(kept + 1);
}

absl::StatusOr<HeldParts> TensorSearch::Find(const StoredContent& content) const {
  const StoredValue& value = content.value();
  if (value.count <= 1) return HeldParts();
  const auto same_count = kinds_by_count_.find(value.count);
  if (same_count != kinds_by_count_.end() && MayHold(content, same_count->second.wanted)) {
    MX_ASSIGN_OR_RETURN(const ContentSums sums, content.Sums());
    std::vector<TensorId> like = Like(content, value.dims, sums, sums.IsUniform() ? kSameDims : 0);
    if (!like.empty()) return HeldParts{std::move(like)};
    if (sums.IsUniform()) return HeldParts();
  }
  std::vector<std::vector<int64_t>> sizes;  // By axis.
  std::vector<bool> may_have_parts;
  for (size_t axis = 0; axis < value.dims.size(); ++axis) {
    sizes.push_back(part_sizes_.For(value.dims, axis, KindsOf(content)));
    may_have_parts.push_back(!sizes.back().empty());
  }
  if (std::count(may_have_parts.begin(), may_have_parts.end(), true) == 0) return HeldParts();
  MX_ASSIGN_OR_RETURN(const auto sums, content.SumsAlongAxes(may_have_parts));
  for (size_t axis = 0; axis < sizes.size(); ++axis) {
    if (sizes[axis].empty()) continue;
    HeldParts parts = FindParts(content, axis, sizes[axis], sums[axis]);
    if (!parts.empty()) return parts;
  }
  return HeldParts();
}

bool TensorSearch::Wants(const StoredContent& content, absl::Span<const int64_t> dims) const {
  const auto kinds = kinds_by_essence_.find(Essence(dims));
  return kinds != kinds_by_essence_.end() && MayHold(content, kinds->second.wanted);
}

std::vector<TensorId> TensorSearch::WithSums(const StoredContent& content,
                                             absl::Span<const int64_t> dims,
                                             const ContentSums& sums) const {
  return Like(content, dims, sums, kLikelyOfSameDims);
}

// Likely ones before possible ones; of these, those with the same dims in any order before others.
std::vector<TensorId> TensorSearch::Like(const StoredContent& content,
                                         absl::Span<const int64_t> dims, const ContentSums& sums,
                                         int least_rank) const {
  std::vector<TensorId> best;
  const auto same_count = by_count_.find(sums.count);
  if (same_count == by_count_.end()) return best;
  const std::vector<int64_t> essence = Essence(dims);
  int best_rank = least_rank;
  const double slack = SlackOfMin(sums);
  auto equals = std::lower_bound(
      same_count->second.begin(), same_count->second.end(), sums.min - slack,
      [](const Equals& candidate, double min) { return candidate.stats.min < min; });
  size_t compared = 0;
  for (; equals != same_count->second.end(); ++equals) {
    if (!(equals->stats.min <= sums.min + slack)) break;
    if (++compared > kMaxCompared) {
      ++num_too_many_;
      return {};
    }
    if (!content.MayHold(equals->dtype)) continue;
    const Likeness likeness = Compare(sums, equals->stats);
    if (likeness == Likeness::kNone) continue;
    const int rank = (likeness == Likeness::kLikely ? kLikely : 0) +
                     (equals->essence == essence ? kSameDims : 0);
    if (rank < best_rank) continue;
    if (rank > best_rank) best.clear();
    best_rank = rank;
    best.insert(best.end(), equals->tensors.begin(), equals->tensors.end());
  }
  if (best.size() > kMaxAlternatives) {
    ++num_too_many_;
    best.clear();
  }
  std::sort(best.begin(), best.end());
  return best;
}

HeldParts TensorSearch::FindParts(const StoredContent& content, size_t axis,
                                  const std::vector<int64_t>& sizes,
                                  const std::vector<ContentSums>& sums) const {
  if (Total(sums).IsUniform()) return {};
  const StoredValue& value = content.value();
  const auto like = [&](int64_t begin, int64_t end) {
    const ContentSums part = Total(absl::MakeSpan(sums).subspan(begin, end - begin));
    return WithSums(content, WithDim(value.dims, axis, end - begin), part);
  };
  OnlySplit split(static_cast<int64_t>(sums.size()));
  int64_t left_to_sum = kMaxSummed;
  for (int64_t begin = split.size() - 1; begin >= 0; --begin) {
    for (const int64_t size : sizes) {
      if (!split.CanEndAt(begin + size)) continue;
      if ((left_to_sum -= size) < 0) return {};
      if (!like(begin, begin + size).empty()) split.AddPart(begin, begin + size);
    }
  }
  HeldParts parts;
  int64_t begin = 0;
  for (const int64_t end : split.Ends()) {
    parts.push_back(like(begin, end));
    begin = end;
  }
  return parts;
}

}  // namespace modelexport
