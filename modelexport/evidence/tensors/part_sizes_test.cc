#include "modelexport/evidence/tensors/part_sizes.h"

#include <string>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

constexpr uint8_t kFloat = 1;
constexpr uint8_t kInteger = 2;

std::string Text(const std::vector<int64_t>& sizes) { return absl::StrJoin(sizes, " "); }

TEST(PartSizes, AreThoseOfTensorsWithTheSameOtherDims) {
  PartSizes sizes;
  sizes.Add({4, 8}, kFloat, true);  // 4 along one axis and 8 along the other.
  sizes.Add({2, 8}, kFloat, false);
  sizes.Add({4, 9}, kFloat, true);
  EXPECT_EQ(Text(sizes.For({8, 12}, 1, kFloat)), "2 4");
  EXPECT_EQ(Text(sizes.For({8, 1, 12}, 2, kFloat)), "2 4");
  EXPECT_EQ(Text(sizes.For({12, 7}, 0, kFloat)), "");
  EXPECT_EQ(Text(sizes.For({8, 12}, 0, kFloat)), "");
}

TEST(PartSizes, MustAddUp) {
  PartSizes sizes;
  sizes.Add({4}, kFloat, true);
  sizes.Add({6}, kFloat, true);
  for (const int64_t dim : {2, 3, 4, 5, 6, 7, 9, 11, 13}) {
    EXPECT_EQ(Text(sizes.For({dim}, 0, kFloat)), "") << dim;
  }
  EXPECT_EQ(Text(sizes.For({8}, 0, kFloat)), "4 6");
  EXPECT_EQ(Text(sizes.For({10}, 0, kFloat)), "4 6");
  EXPECT_EQ(Text(sizes.For({8}, 0, kFloat)), "4 6");  // A smaller axis after a larger one.
}

TEST(PartSizes, AWholeTensorIsNoPart) {
  PartSizes sizes;
  sizes.Add({8}, kFloat, true);
  EXPECT_EQ(Text(sizes.For({8}, 0, kFloat)), "");
  EXPECT_EQ(Text(sizes.For({16}, 0, kFloat)), "8");
}

TEST(PartSizes, OneMustBeWantedAndOfTheKind) {
  PartSizes sizes;
  sizes.Add({4}, kFloat, false);
  sizes.Add({2}, kInteger, true);
  EXPECT_EQ(Text(sizes.For({8}, 0, kFloat)), "");
  EXPECT_EQ(Text(sizes.For({8}, 0, kInteger)), "2");
  EXPECT_EQ(Text(sizes.For({8}, 0, kFloat | kInteger)), "2 4");
}

TEST(PartSizes, AreLimited) {
  PartSizes sizes;
  for (size_t i = 0; i < PartSizes::kMaxSizes; ++i) {
    sizes.Add({static_cast<int64_t>(2 * i + 2)}, kFloat, true);
  }
  EXPECT_FALSE(sizes.left_out());
  EXPECT_EQ(sizes.For({1000}, 0, kFloat).size(), PartSizes::kMaxSizes);
  sizes.Add({3}, kFloat, true);
  EXPECT_TRUE(sizes.left_out());
  EXPECT_EQ(sizes.For({1000}, 0, kFloat).size(), PartSizes::kMaxSizes);
  EXPECT_EQ(Text(sizes.For({PartSizes::kMaxAxis + 2}, 0, kFloat)), "");
}

}  // namespace
}  // namespace modelexport
