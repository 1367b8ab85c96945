#include "modelexport/evidence/tensors/content_sums.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

ContentSums SumsOf(const std::vector<double>& elements, double error) {
  ContentSums sums;
  for (const double element : elements) sums.Add(element, error);
  return sums;
}

TensorStats StatsOf(const std::vector<double>& elements) {
  const ContentSums sums = SumsOf(elements, 0);
  return {sums.min, sums.max, sums.sum / static_cast<double>(sums.count), std::sqrt(sums.squares)};
}

TEST(ContentSums, ThoseOfPartsAddUp) {
  ContentSums sums = SumsOf({1, 2, -5}, 0.5);
  sums.Add(SumsOf({7, 0.25}, 1));
  EXPECT_EQ(sums.min, -5);
  EXPECT_EQ(sums.max, 7);
  EXPECT_EQ(sums.sum, 5.25);
  EXPECT_EQ(sums.squares, 79.0625);
  EXPECT_EQ(sums.count, 5u);
  EXPECT_EQ(sums.largest_error, 1);
  EXPECT_EQ(sums.noise, (3 * 0.25 + 2 * 1) / 3);
  EXPECT_FALSE(sums.IsUniform());
  EXPECT_TRUE(SumsOf({2, 2}, 0).IsUniform());
}

TEST(Compare, ExactElementsAreLikelyAndAnyOtherAreNot) {
  const std::vector<double> elements = {0.1, -0.7, 0.3, 1.1, 0.9};
  const TensorStats stats = StatsOf(elements);
  EXPECT_EQ(Compare(SumsOf(elements, 0), stats), Likeness::kLikely);
  EXPECT_EQ(Compare(SumsOf({1.1, 0.3, -0.7, 0.9, 0.1}, 0), stats), Likeness::kLikely);
  EXPECT_EQ(Compare(SumsOf({0.1, -0.7, 0.3, 1.1, 0.9 + 1e-9}, 0), stats), Likeness::kNone);
  EXPECT_EQ(Compare(SumsOf({0.1, -0.7, 0.3, 1.1 + 1e-9, 0.9}, 0), stats), Likeness::kNone);
  EXPECT_EQ(Compare(SumsOf({0.1, -0.7 - 1e-9, 0.3, 1.1, 0.9}, 0), stats), Likeness::kNone);
  // The same but for the squares: 0.2 and 0.2 for 0.1 and 0.3.
  EXPECT_EQ(Compare(SumsOf({0.2, -0.7, 0.2, 1.1, 0.9}, 0), stats), Likeness::kNone);
}

TEST(Compare, NothingIsLikeWhatIsNotFinite) {
  const TensorStats stats = StatsOf({1, 2, 3});
  EXPECT_EQ(Compare(SumsOf({1, std::nan(""), 3}, 100), stats), Likeness::kNone);
  EXPECT_EQ(Compare(SumsOf({1, HUGE_VAL, 3}, 100), stats), Likeness::kNone);
  EXPECT_EQ(Compare(ContentSums(), stats), Likeness::kNone);
}

// 1,000 elements rounded to steps of 0.01: errors of both signs, that all but cancel out.
TEST(Compare, IndependentErrorsAreLikelyAndOneSidedOnesPossible) {
  constexpr double kStep = 0.01;
  std::vector<double> elements;
  std::vector<double> rounded;
  std::vector<double> raised;
  for (int i = 0; i < 1000; ++i) {
    elements.push_back(std::sin(i * 0.7));
    rounded.push_back(std::round(elements.back() / kStep) * kStep);
    raised.push_back(elements.back() + kStep / 2);
  }
  const TensorStats stats = StatsOf(elements);
  EXPECT_EQ(Compare(SumsOf(rounded, kStep / 2), stats), Likeness::kLikely);
  EXPECT_EQ(Compare(SumsOf(raised, kStep / 2), stats), Likeness::kPossible);
  EXPECT_EQ(Compare(SumsOf(rounded, kStep / 1000), stats), Likeness::kNone);
}

}  // namespace
}  // namespace modelexport
