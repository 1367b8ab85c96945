#include "modelexport/modules/ancestors.h"

#include <random>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

uint32_t CommonByWalking(const std::vector<uint32_t>& parents, uint32_t a, uint32_t b) {
  while (a != b) (a > b ? a : b) = parents[a > b ? a : b];
  return a;
}

// Parents that make the tree deep (`most` near 1) or flat.
std::vector<uint32_t> RandomParents(uint32_t count, uint32_t most, std::mt19937* random) {
  std::vector<uint32_t> parents(count);
  for (uint32_t i = 1; i < count; ++i) parents[i] = i - 1 - (*random)() % std::min(i, most);
  return parents;
}

TEST(Ancestors, AsByWalkingUp) {
  std::mt19937 random(1);
  for (const uint32_t most : {1, 2, 5, 1000}) {
    const std::vector<uint32_t> parents = RandomParents(300, most, &random);
    const Ancestors ancestors(parents);
    for (int i = 0; i < 2000; ++i) {
      const uint32_t a = random() % 300, b = random() % 300;
      ASSERT_EQ(ancestors.Common(a, b), CommonByWalking(parents, a, b)) << a << " " << b;
      ASSERT_EQ(ancestors.IsAncestorOrSelf(a, b), CommonByWalking(parents, a, b) == a);
    }
  }
}

TEST(Ancestors, OfARootAlone) { EXPECT_EQ(Ancestors({0}).Common(0, 0), 0); }

}  // namespace
}  // namespace modelexport
