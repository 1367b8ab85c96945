#include "modelexport/base/rows.h"

#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(Rows, KeepsEachListApart) {
  Rows<int> rows;
  rows.EndRow();
  rows.Append(1);
  rows.Append(2);
  rows.EndRow();
  rows.EndRow();
  rows.Append(3);  // Belongs to no row yet.
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_TRUE(rows[0].empty());
  EXPECT_EQ(rows[1], (std::vector<int>{1, 2}));
  EXPECT_TRUE(rows[2].empty());
  rows.EndRow();
  EXPECT_EQ(rows[3], (std::vector<int>{3}));
}

TEST(Rows, ARowOutlivesAMove) {
  Rows<int> rows({1, 2, 3}, {1, 3});
  const absl::Span<const int> row = rows[1];
  const Rows<int> moved = std::move(rows);
  EXPECT_EQ(row, (std::vector<int>{2, 3}));
  EXPECT_EQ(moved[1].data(), row.data());
}

TEST(Rows, ItemsMayBeChangedInPlace) {
  Rows<int> rows({1, 2}, {0, 2});
  for (int& item : rows.items()) item *= 10;
  EXPECT_EQ(rows[1], (std::vector<int>{10, 20}));
}

}  // namespace
}  // namespace modelexport
