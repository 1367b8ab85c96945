#include "modelexport/render/substrings.h"

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(SubstringFinder, AsByTryingEach) {
  std::mt19937 random(1);
  const auto text = [&](size_t least, size_t most) {
    std::string text;
    for (size_t i = least + random() % (most - least); i-- > 0;) text += "ab"[random() % 2];
    return text;
  };
  int found = 0;
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < 4; ++i) texts.push_back(text(3, 8));
    const SubstringFinder finder(std::vector<absl::string_view>(texts.begin(), texts.end()));
    for (int i = 0; i < 20; ++i) {
      const std::string within = text(0, 14);
      const bool expected = std::any_of(texts.begin(), texts.end(), [&](const std::string& each) {
        return absl::StrContains(within, each);
      });
      ASSERT_EQ(finder.IsAnyIn(within), expected) << within;
      found += expected ? 1 : 0;
    }
  }
  EXPECT_GT(found, 1000);
  EXPECT_LT(found, 9000);
}

TEST(SubstringFinder, OfNoTexts) { EXPECT_FALSE(SubstringFinder({}).IsAnyIn("a")); }

}  // namespace
}  // namespace modelexport
