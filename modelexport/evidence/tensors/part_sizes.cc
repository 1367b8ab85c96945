#include "modelexport/evidence/tensors/part_sizes.h"

#include <algorithm>

namespace modelexport {

std::vector<int64_t> Essence(absl::Span<const int64_t> dims) {
  std::vector<int64_t> essence;
  for (const int64_t dim : dims) {
    if (dim != 1) essence.push_back(dim);
  }
  std::sort(essence.begin(), essence.end());
  return essence;
}

// At most kMaxDims different dims, each with a copy of the others.
void PartSizes::Add(const std::vector<int64_t>& essence, uint8_t kind, bool is_wanted) {
  if (essence.size() > kMaxDims) return;
  AddSize(essence, 1, kind, is_wanted);
  for (size_t i = 0; i < essence.size(); ++i) {
    if (i > 0 && essence[i] == essence[i - 1]) continue;
    std::vector<int64_t> others = essence;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    AddSize(std::move(others), essence[i], kind, is_wanted);
  }
}

void PartSizes::AddSize(std::vector<int64_t> others, int64_t size, uint8_t kind, bool is_wanted) {
  std::unique_ptr<Others>& entry = by_others_[std::move(others)];
  if (entry == nullptr) entry = std::make_unique<Others>();
  if (entry->sizes.size() >= kMaxSizes && entry->sizes.count(size) == 0) {
    left_out_ = true;
    return;
  }
  Kinds& kinds = entry->sizes[size];
  kinds.all |= kind;
  if (is_wanted) kinds.wanted |= kind;
}

std::vector<int64_t> PartSizes::For(absl::Span<const int64_t> dims, size_t axis,
                                    uint8_t kinds) const {
  const int64_t dim = dims[axis];
  if (dim <= 1 || dim > kMaxAxis || dims.size() > kMaxDims) return {};
  std::vector<int64_t> others(dims.begin(), dims.end());
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(axis));
  const auto found = by_others_.find(Essence(others));
  if (found == by_others_.end()) return {};
  std::vector<int64_t> all, smaller;
  bool any_wanted = false;
  for (const auto& [size, of_size] : found->second->sizes) {
    if ((of_size.all & kinds) == 0) continue;
    all.push_back(size);
    if (size >= dim) continue;
    smaller.push_back(size);
    any_wanted |= (of_size.wanted & kinds) != 0;
  }
  if (!any_wanted) return {};
  Sums& sums = found->second->sums.try_emplace(kinds, std::move(all)).first->second;
  return sums.Reach(dim) ? smaller : std::vector<int64_t>();
}

bool PartSizes::Sums::Reach(int64_t total) {
  while (static_cast<int64_t>(reached_.size()) < total) {
    const auto next = static_cast<int64_t>(reached_.size());
    reached_.push_back(Follows(next) || std::binary_search(sizes_.begin(), sizes_.end(), next));
  }
  return Follows(total);
}

// Sums below `total` are known.
bool PartSizes::Sums::Follows(int64_t total) const {
  for (const int64_t size : sizes_) {
    if (size >= total) return false;
    if (reached_[total - size]) return true;
  }
  return false;
}

}  // namespace modelexport
