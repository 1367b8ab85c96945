#include "modelexport/modules/boundary.h"

#include "gtest/gtest.h"
#include "modelexport/modules/module_nodes.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

constexpr char kHierarchy[] = R"(
  ""   my.Net
  a    my.A
  b    my.B)";

std::string BoundaryOfModule(const char* text, const std::string& path) {
  const TestOwned model(text, kHierarchy);
  const ModuleNodes nodes(model.owned());
  return ToText(model.graph(),
                BoundaryOf(model.graph(), nodes.subtree(model.hierarchy().FindModule(path))));
}

TEST(Boundary, OfAChain) {
  EXPECT_EQ(BoundaryOfModule(R"(
    main (x, mask) => (y, q) <float[2] w = {1, 2}> {
      [root] h = Neg (x)
      [a] p = Mul (h, w)
      [a] q = Add (p, h)
      [a] unread = Neg (q)
      [a] r = Mul (q, mask)
      [b] y = Mul (r, w)
    })",
                             "a"),
            "in: h, mask\nweights: w\nout: q, r\n");
}

TEST(Boundary, BodiesReadForTheirNode) {
  const char model[] = R"(
    main (x, c) => (y) <float[2] w = {1, 2}> {
      [root] h = Neg (x)
      [a] i = If (c) <
        then_branch = yes () => (t) { [a] m = Mul (h, w) [b] t = Neg (m) },
        else_branch = no () => (e) <float[2] v = {1, 2}> { [root] e = Mul (h, v) }
      >
      [b] y = If (c) < then_branch = other () => (o) { [root] o = Neg (i) } >
    })";
  EXPECT_EQ(BoundaryOfModule(model, "a"), "in: c, h\nweights: w\nout: i\n");
  EXPECT_EQ(BoundaryOfModule(model, "b"), "in: c, m, i\nweights: \nout: y, t\n");
}

TEST(Boundary, WithinABodyItEndsAtTheBodysOwnValues) {
  EXPECT_EQ(BoundaryOfModule(R"(
    main (x, n, c) => (y) {
      [root] y = Loop (n, c, x) < body = step (i, k, s) => (k2, s2) {
        [root] k2 = Not (k)
        [a] s2 = Add (s, x)
      } >
    })",
                             "a"),
            "in: s, x\nweights: \nout: s2\n");
}

TEST(Boundary, OfNothing) {
  EXPECT_EQ(BoundaryOfModule("main (x) => (x) {}", "a"), "in: \nweights: \nout: \n");
}

}  // namespace
}  // namespace modelexport
