#include "modelexport/modules/ancestors.h"

#include <utility>

namespace modelexport {

Ancestors::Ancestors(std::vector<uint32_t> parents)
    : parents_(std::move(parents)),
      begin_(parents_.size()),
      end_(parents_.size(), 1),
      jump_(parents_.size()) {
  const uint32_t count = static_cast<uint32_t>(parents_.size());
  // From the back, each knows how many are below it.
  for (uint32_t i = count; i-- > 1;) end_[parents_[i]] += end_[i];
  std::vector<uint32_t> next(count, 1), depths(count);
  for (uint32_t i = 1; i < count; ++i) {
    const uint32_t parent = parents_[i];
    begin_[i] = begin_[parent] + next[parent];
    next[parent] += end_[i];
    end_[i] += begin_[i];
    depths[i] = depths[parent] + 1;
    // Two jumps of equal length become one.
    const uint32_t near = jump_[parent], far = jump_[near];
    jump_[i] = depths[parent] - depths[near] == depths[near] - depths[far] ? far : parent;
  }
}

Ancestors Ancestors::OfModules(const Hierarchy& hierarchy) {
  std::vector<uint32_t> parents(hierarchy.modules().size());
  for (size_t m = 1; m < parents.size(); ++m) {
    parents[m] = static_cast<uint32_t>(hierarchy.modules()[m].parent.index());
  }
  return Ancestors(std::move(parents));
}

uint32_t Ancestors::Common(uint32_t a, uint32_t b) const {
  while (!IsAncestorOrSelf(a, b)) a = IsAncestorOrSelf(jump_[a], b) ? parents_[a] : jump_[a];
  return a;
}

}  // namespace modelexport
