#include "modelexport/ownership/shapes_left.h"

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(ShapesLeft, EqualOnesAreTakenOneByOne) {
  ShapesLeft left;
  left.Add({4, 6});
  left.Add({4, 6});
  EXPECT_TRUE(left.Take({4, 6}));
  EXPECT_EQ(left.TakeFor({4, 6}), 1);
  EXPECT_FALSE(left.Take({4, 6}));
  EXPECT_EQ(left.TakeFor({4, 6}), 0);
}

TEST(ShapesLeft, StackedAndJoinedOnesAreTakenTogether) {
  ShapesLeft left;
  for (int i = 0; i < 5; ++i) left.Add({6, 8});
  EXPECT_FALSE(left.Take({8, 18}));
  EXPECT_EQ(left.TakeFor({8, 18}), 3);
  EXPECT_EQ(left.TakeFor({2, 6, 8}), 2);
  EXPECT_EQ(left.TakeFor({8, 18}), 0);
}

TEST(ShapesLeft, FiveAreNotOneWeight) {
  ShapesLeft left;
  for (int i = 0; i < 5; ++i) left.Add({7, 8});
  EXPECT_EQ(left.TakeFor({8, 35}), 0);
  EXPECT_EQ(left.TakeFor({5, 7, 8}), 0);
}

}  // namespace
}  // namespace modelexport
