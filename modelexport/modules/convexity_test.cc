#include "modelexport/modules/convexity.h"

#include "gtest/gtest.h"
#include "modelexport/modules/module_nodes.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

bool IsModuleConvex(const std::string& nodes) {
  const TestOwned model("main (x, n, c) => (y) {" + nodes + "}", R"("" my.Net
                        a my.A)");
  return IsConvex(model.graph(), ModuleNodes(model.owned()).subtree(ModuleId(1)));
}

TEST(Convexity, OfAChainAndWhatIsBeside) {
  EXPECT_TRUE(IsModuleConvex("[a] p = Neg (x) [root] q = Neg (x) [a] r = Add (p, q)"));
}

TEST(Convexity, APathThatComesBack) {
  EXPECT_FALSE(IsModuleConvex("[a] p = Neg (x) [root] q = Neg (p) [a] r = Add (p, q)"));
}

TEST(Convexity, ALongPathThatComesBack) {
  EXPECT_FALSE(IsModuleConvex(
      "[a] p = Neg (x) [root] q = Neg (p) [root] r = Neg (q) [root] s = Neg (r) [a] y = Neg (s)"));
  EXPECT_TRUE(IsModuleConvex(
      "[a] p = Neg (x) [root] q = Neg (p) [root] r = Neg (q) [root] s = Neg (r) [a] y = Neg (p)"));
}

TEST(Convexity, APathThroughABody) {
  EXPECT_FALSE(IsModuleConvex(
      "[a] p = Neg (x) [root] q = If (c) < then_branch = t () => (u) { [root] u = Neg (p) } > "
      "[a] y = Neg (q)"));
  EXPECT_TRUE(IsModuleConvex(
      "[a] p = Neg (x) [a] q = If (c) < then_branch = t () => (u) { [root] u = Neg (p) } > "
      "[a] y = Neg (q)"));
}

TEST(Convexity, IterationsAreNoPath) {
  EXPECT_TRUE(IsModuleConvex(
      "[root] y = Loop (n, c, x) < body = b (i, k, s) => (k2, s2) { [root] k2 = Not (k) "
      "[a] s2 = Neg (s) } >"));
}

TEST(Convexity, NodesThatAreNotSorted) {
  EXPECT_FALSE(IsModuleConvex("[a] r = Add (p, q) [a] p = Neg (x) [root] q = Neg (p)"));
}

TEST(Convexity, OfNothing) { EXPECT_TRUE(IsModuleConvex("[root] y = Neg (x)")); }

}  // namespace
}  // namespace modelexport
