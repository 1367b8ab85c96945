#include "modelexport/evidence/trace/data_order.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

using ::testing::ElementsAre;

std::vector<uint32_t> OrderOf(const std::vector<std::vector<uint32_t>>& reads) {
  return DataOrder(reads.size(), [&](uint32_t i) { return absl::MakeConstSpan(reads[i]); });
}

TEST(DataOrder, WhatIsReadComesBeforeItsReader) {
  EXPECT_THAT(OrderOf({}), ElementsAre());
  EXPECT_THAT(OrderOf({{}, {0}, {1}}), ElementsAre(0, 1, 2));
  EXPECT_THAT(OrderOf({{2}, {0}, {}}), ElementsAre(2, 0, 1));
}

// Two branches that were written in turns.
TEST(DataOrder, BranchesAreNotMixed) {
  EXPECT_THAT(OrderOf({{}, {0}, {0}, {1}, {2}, {3, 4}}), ElementsAre(0, 1, 3, 2, 4, 5));
  EXPECT_THAT(OrderOf({{}, {0}, {0}, {1}, {2}, {4, 3}}), ElementsAre(0, 2, 4, 1, 3, 5));
}

TEST(DataOrder, EndsKeepTheirOrder) {
  EXPECT_THAT(OrderOf({{}, {}, {1}, {0}}), ElementsAre(1, 2, 0, 3));
}

TEST(DataOrder, WhatOnlyACycleLeadsToFollowsInTheEnd) {
  EXPECT_THAT(OrderOf({{0}}), ElementsAre(0));
  EXPECT_THAT(OrderOf({{1}, {0}, {}}), ElementsAre(2, 1, 0));
  EXPECT_THAT(OrderOf({{}, {0, 2}, {1}, {3}, {}}), ElementsAre(4, 0, 2, 1, 3));
}

TEST(DataOrder, ALongChainNeedsNoStack) {
  std::vector<std::vector<uint32_t>> reads(1000000);
  for (uint32_t i = 0; i + 1 < reads.size(); ++i) reads[i] = {i + 1};
  EXPECT_EQ(OrderOf(reads).front(), 999999);
}

}  // namespace
}  // namespace modelexport
