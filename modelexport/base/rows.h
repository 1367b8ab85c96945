// Many short lists in two arrays.
//
//   Rows<int> rows;
//   rows.Append(1);
//   rows.Append(2);
//   rows.EndRow();  // rows[0] is {1, 2}
//   rows.EndRow();  // rows[1] is {}
#ifndef MODELEXPORT_BASE_ROWS_H_
#define MODELEXPORT_BASE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace modelexport {

// Holds fewer than 2^32 items.
template <typename T>
class Rows {
 public:
  Rows() = default;

  // Row i is items[i == 0 ? 0 : ends[i - 1], ends[i]).
  Rows(std::vector<T> items, std::vector<uint32_t> ends)
      : items_(std::move(items)), ends_(std::move(ends)) {}

  // Appends to the row that the next EndRow() ends.
  void Append(T item) { items_.push_back(std::move(item)); }
  void EndRow() { ends_.push_back(static_cast<uint32_t>(items_.size())); }

  size_t size() const { return ends_.size(); }

  // Valid until the next Append(), and across a move of the Rows.
  absl::Span<const T> operator[](size_t row) const {
    const size_t begin = row == 0 ? 0 : ends_[row - 1];
    return absl::MakeConstSpan(items_).subspan(begin, ends_[row] - begin);
  }

  // Every item of every row.
  absl::Span<T> items() { return absl::MakeSpan(items_); }

 private:
  std::vector<T> items_;
  std::vector<uint32_t> ends_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_ROWS_H_
