#include "modelexport/evidence/trace/data_order.h"

#include <utility>

namespace modelexport {

std::vector<uint32_t> DataOrder(size_t size,
                                absl::FunctionRef<absl::Span<const uint32_t>(uint32_t)> reads) {
  std::vector<bool> is_read(size), entered(size);
  for (uint32_t i = 0; i < size; ++i) {
    for (uint32_t read : reads(i)) is_read[read] = true;
  }
  std::vector<uint32_t> order;
  order.reserve(size);
  std::vector<std::pair<uint32_t, size_t>> open;  // And the next of its reads.
  const auto walk_from = [&](uint32_t end) {
    entered[end] = true;
    open.emplace_back(end, 0);
    while (!open.empty()) {
      auto& [at, next] = open.back();
      const absl::Span<const uint32_t> row = reads(at);
      if (next == row.size()) {
        order.push_back(at);
        open.pop_back();
        continue;
      }
      const uint32_t read = row[next++];
      if (entered[read]) continue;
      entered[read] = true;
      open.emplace_back(read, 0);
    }
  };
  for (uint32_t i = 0; i < size; ++i) {
    if (!is_read[i]) walk_from(i);
  }
  for (uint32_t i = 0; i < size; ++i) {
    if (!entered[i]) walk_from(i);
  }
  return order;
}

}  // namespace modelexport
