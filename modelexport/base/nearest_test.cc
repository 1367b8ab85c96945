#include "modelexport/base/nearest.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

using ::testing::ElementsAre;

TEST(EditDistanceTest, CountsEdits) {
  EXPECT_EQ(EditDistance("", ""), 0);
  EXPECT_EQ(EditDistance("tag", ""), 3);
  EXPECT_EQ(EditDistance("strategy", "stratgy"), 1);
  EXPECT_EQ(EditDistance("tga", "tag"), 1);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
}

TEST(NearestTest, NearestFirstThenInTheirOrder) {
  EXPECT_THAT(Nearest("layer.1", {"layer.10", "layer.2", "layer.0", "head"}, 3, 8),
              ElementsAre("layer.10", "layer.2", "layer.0"));
  EXPECT_THAT(Nearest("layer.1", {"layer.10", "layer.2", "layer.0", "head"}, 2, 0),
              ElementsAre("layer.10"));
}

TEST(NearestTest, NamesOfAnyLength) {
  EXPECT_THAT(Nearest(std::string(1 << 20, 'a'), {std::string(1 << 20, 'b')}, 3, 127),
              ElementsAre());
}

TEST(DidYouMeanTest, OnlyWhatATypingErrorExplains) {
  EXPECT_EQ(DidYouMean("tga", {"strip", "tag"}), "; did you mean tag?");
  EXPECT_EQ(DidYouMean("val", {"strip", "validate"}), "; did you mean validate?");
  EXPECT_EQ(DidYouMean("guess", {"strip", "tag"}), "");
  EXPECT_EQ(DidYouMean("", {"strip", "tag"}), "");
}

}  // namespace
}  // namespace modelexport
