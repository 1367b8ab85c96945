#include "modelexport/base/nearest.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

using ::testing::ElementsAre;

TEST(EditDistance, OfExamples) {
  EXPECT_EQ(EditDistance("", "", 5), 0);
  EXPECT_EQ(EditDistance("", "abc", 5), 3);
  EXPECT_EQ(EditDistance("kitten", "sitting", 7), 3);
  EXPECT_EQ(EditDistance("sitting", "kitten", 3), 3);
  EXPECT_GT(EditDistance("kitten", "sitting", 2), 2);
  EXPECT_GT(EditDistance("abc", "", 2), 2);
}

TEST(EditDistance, LimitsChangeNothingBelowThem) {
  std::mt19937 random(1);
  const auto text = [&] {
    std::string text;
    for (size_t i = random() % 12; i-- > 0;) text += static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int i = 0; i < 3000; ++i) {
    const std::string a = text(), b = text();
    const size_t exact = EditDistance(a, b, 100);
    for (size_t limit = 0; limit < 12; ++limit) {
      const size_t limited = EditDistance(a, b, limit);
      if (exact <= limit) {
        ASSERT_EQ(limited, exact) << a << " " << b << " " << limit;
      } else {
        ASSERT_GT(limited, limit) << a << " " << b;
      }
    }
  }
}

TEST(NearestNames, ThreeOfThem) {
  NearestNames nearest("layer.0");
  for (const char* name : {"embeddings", "layer", "layer.1", "layer.10", "layer.2", "layer.1"}) {
    nearest.Offer(name);
  }
  EXPECT_THAT(nearest.names(), ElementsAre("layer.1", "layer.10", "layer.2"));
}

TEST(NearestNames, LongNamesAreNotLookedAt) {
  NearestNames nearest("a");
  nearest.Offer(std::string(1000000, 'a'));
  EXPECT_THAT(nearest.names(), ElementsAre());
}

TEST(DidYouMean, OnlyWhatATypingErrorExplains) {
  EXPECT_EQ(DidYouMean("tga", {"strip", "tag"}), "; did you mean tag?");
  EXPECT_EQ(DidYouMean("val", {"strip", "validate"}), "; did you mean validate?");
  EXPECT_EQ(DidYouMean("guess", {"strip", "tag"}), "");
  EXPECT_EQ(DidYouMean("", {"strip", "tag"}), "");
}

}  // namespace
}  // namespace modelexport
