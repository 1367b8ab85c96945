#include "modelexport/base/large_pages.h"

#include <numeric>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(LargePages, AVectorKeepsWhatItHolds) {
  std::vector<int> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::vector<int> before = numbers;
  ReserveInLargePages(3 << 20, &numbers);
  EXPECT_GE(numbers.capacity(), 3u << 20);
  EXPECT_EQ(numbers, before);
  numbers.resize(numbers.capacity(), 1);
  EXPECT_EQ(numbers.back(), 1);
  EXPECT_EQ(std::vector<int>(numbers.begin(), numbers.begin() + 1000), before);
}

TEST(LargePages, NeverTakesRoomAway) {
  std::vector<int> numbers;
  numbers.reserve(10);
  const int* const data = numbers.data();
  ReserveInLargePages(10, &numbers);
  EXPECT_EQ(numbers.data(), data);
}

}  // namespace
}  // namespace modelexport
