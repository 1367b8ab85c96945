// Rows made of items that come in any order.
#ifndef MODELEXPORT_BASE_GROUP_BY_ROW_H_
#define MODELEXPORT_BASE_GROUP_BY_ROW_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "modelexport/base/rows.h"

namespace modelexport {

// Pairs (row, item), grouped by row and in the order of their making within each.
template <typename T>
Rows<T> GroupByRow(const std::vector<std::pair<uint32_t, T>>& pairs, size_t num_rows) {
  std::vector<uint32_t> ends(num_rows);
  for (const auto& pair : pairs) ++ends[pair.first];
  uint32_t end = 0;
  for (uint32_t& row_end : ends) row_end = end += row_end;
  std::vector<T> items(pairs.size());
  std::vector<uint32_t> next(num_rows);
  for (size_t i = 1; i < num_rows; ++i) next[i] = ends[i - 1];
  for (const auto& pair : pairs) items[next[pair.first]++] = pair.second;
  return Rows<T>(std::move(items), std::move(ends));
}

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_GROUP_BY_ROW_H_
