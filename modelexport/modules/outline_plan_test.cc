#include "modelexport/modules/outline_plan.h"

#include "gtest/gtest.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

constexpr char kHierarchy[] = R"(
  ""     my.Net    1
  l      torch.nn.ModuleList 0
  l.0    my.Block  1
  l.0.a  my.Attn   1
  l.1    my.Block  1
  l.1.a  my.Attn   1
  l.2    my.Block  1
  l.2.a  my.Attn   1
  tensor l.0.p float32[]
  call ""
    call l.0
      call l.0.a
    call l.1
      call l.1.a
    call l.2
      call l.2.a)";

std::string PlanOf(const char* model, const std::string& modules = "", bool nested = false,
                   const char* hierarchy = kHierarchy) {
  const TestOwned owned(model, hierarchy);
  OutlineWish wish;
  wish.nested = nested;
  if (!modules.empty()) {
    wish.modules = *Pattern::Parse({modules})->Modules(owned.owned(), Subtrees::kExcluded);
  }
  const absl::StatusOr<OutlinePlan> plan = OutlinePlan::Make(owned.owned(), wish, nullptr);
  return plan.ok() ? plan->ToText(owned.owned()) : std::string(plan.status().message());
}

TEST(OutlinePlan, BlocksThatRepeatShareAFunction) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <float[2] "l.0.w" = {1, 2}, float[2] w = {3, 4}> {
      [root] e = Neg (x)
      [l.0] p = Mul (e, "l.0.w") [l.0] q = Relu (p)
      [l.1] r = Mul (q, w) [l.1] s = Relu (r)
      [root] y = Abs (s)
    })"),
            R"(Block(input_0, w): #1 #2; 0 constants; 2 runs
main: #0 Block(e, l.0.w) Block(q, w) #5
)");
}

TEST(OutlinePlan, WhatIsLikeNoOtherIsLeft) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <float[2] w = {1, 2}> {
      [l.0] p = Mul (x, w) [l.0] q = Relu (p)
      [l.1] r = Mul (q, w) [l.1] s = Relu (r)
      [l.2] t = Mul (s, w) [l.2] u = Elu <alpha = 2.0> (t)
      [root] y = Abs (u)
    })"),
            R"(Block(input_0, input_1): #0 #1; 0 constants; 2 runs
main: Block(x, w) Block(q, w) #4 #5 #6
left l.2: one of a kind: #5 (Elu) is not as #1 (Relu) of l.0
)");
}

TEST(OutlinePlan, AttributesAndSharedWeightsCount) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <float[2] w = {1, 2}> {
      [l.0] p = LayerNormalization <epsilon = 0.5> (x, w) [l.0] q = Mul (p, w)
      [l.1] r = LayerNormalization <epsilon = 0.25> (q, w) [l.1] s = Mul (r, w)
      [root] y = Abs (s)
    })"),
            "main: #0 #1 #2 #3 #4\n");
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <float[2] w = {1, 2}, float[2] v = {1, 2}> {
      [l.0] p = Mul (x, w) [l.0] q = Mul (p, w)
      [l.1] r = Mul (q, w) [l.1] s = Mul (r, v)
      [root] y = Abs (s)
    })"),
            "main: #0 #1 #2 #3 #4\n");
}

// Of small constants those that are equal are the body's own.
TEST(OutlinePlan, SmallConstants) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <int64[1] axes = {1}, int64[1] axes2 = {1}, float h = {0.5}> {
      [l.0] two = Constant <value = float {2}> () [l.1] three = Constant <value = float {3}> ()
      [l.0] a = ReduceSum (x, axes) [l.0] b = Mul (a, h) [l.0] c = Mul (b, two)
      [l.1] i = ReduceSum (c, axes2) [l.1] j = Mul (i, h) [l.1] k = Mul (j, three)
      [root] y = Abs (k)
    })"),
            R"(Block(input_0, input_1): #2 #3 #4; 2 constants; 2 runs
main: #0 #1 Block(x, two) Block(c, three) #8
)");
}

TEST(OutlinePlan, ConstantsThatGiveAFormMustBeEqual) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <int64[1] axes = {1}, int64[1] other = {0}> {
      [l.0] a = ReduceSum (x, axes) [l.0] b = Relu (a)
      [l.1] c = ReduceSum (b, other) [l.1] d = Relu (c)
      [root] y = Abs (d)
    })"),
            "main: #0 #1 #2 #3 #4\n");
}

// However small it is.
TEST(OutlinePlan, AParameterOfTheSourceModelIsAWeight) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <float "l.0.p" = {1}, float q = {1}> {
      [l.0] a = Mul (x, "l.0.p") [l.0] b = Relu (a)
      [l.1] c = Mul (b, "l.0.p") [l.1] d = Relu (c)
      [l.2] e = Mul (d, q) [l.2] f = Relu (e)
      [root] y = Abs (f)
    })"),
            R"(Block(input_0, p): #0 #1; 0 constants; 2 runs
main: Block(x, l.0.p) Block(b, l.0.p) #4 #5 #6
left l.2: one of a kind: #4 (Mul) is not as #0 (Mul) of l.0
)");
}

TEST(OutlinePlan, NestedFunctionsGetWhatDiffersThroughTheOuterOne) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) <float[2] v = {1, 2}, float[2] w = {1, 2}> {
      [l.0] a = Neg (x) [l.0.a] b = Mul (a, v) [l.0.a] c = Relu (b) [l.0] d = Add (c, x)
      [l.1] e = Neg (d) [l.1.a] f = Mul (e, w) [l.1.a] g = Relu (f) [l.1] h = Add (g, d)
      [root] y = Abs (h)
    })",
                   "", true),
            R"(Block(input_0, input_1): #0 Attn(a, v) #3; 0 constants; 2 runs
Attn(input_0, input_1): #1 #2; 0 constants; 2 runs
main: Block(x, v) Block(d, w) #8
)");
}

TEST(OutlinePlan, ModulesOfAPattern) {
  constexpr char kModel[] = R"(main (x) => (y) <float[2] v = {1, 2}> {
      [l.0] a = Neg (x) [l.0.a] b = Mul (a, v) [l.0.a] c = Relu (b) [l.0] d = Add (c, x)
      [l.1] y = Abs (d)
    })";
  EXPECT_EQ(PlanOf(kModel, "l.0"), R"(Block(input_0, input_1): #0 #1 #2 #3; 0 constants; 1 runs
main: Block(x, v) #4
)");
  EXPECT_EQ(PlanOf(kModel, "class:Block,class:Attn"),
            R"(Block(input_0, input_1): #0 Attn(a, v) #3; 0 constants; 1 runs
Attn(input_0, input_1): #1 #2; 0 constants; 1 runs
main: Block(x, v) #4
left l.1: has one node
left l.1.a: has no nodes
left l.2: has no nodes
left l.2.a: has no nodes
)");
}

TEST(OutlinePlan, AHelperThatAllBlocksReadIsNotOfTheFirst) {
  EXPECT_EQ(PlanOf(R"(main (x, m) => (y) <float[2] v = {1, 2}, float[2] w = {1, 2}> {
      [l.0] mask = Unsqueeze (m)
      [l.0] a = Mul (x, v) [l.0] b = Add (a, mask) [l.0] c = Relu (b)
      [l.1] d = Mul (c, w) [l.1] e = Add (d, mask) [l.1] f = Relu (e)
      [root] y = Abs (f)
    })"),
            R"(Block(input_0, input_1, input_2): #1 #2 #3; 0 constants; 2 runs
main: #0 Block(x, v, mask) Block(c, w, mask) #7
)");
}

TEST(OutlinePlan, WhatIsNotConvexIsLeft) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) {
      [l.0] a = Neg (x) [root] b = Abs (a) [l.0] c = Add (a, b)
      [l.1] d = Neg (c) [root] e = Abs (d) [l.1] f = Add (d, e)
      [root] y = Abs (f)
    })"),
            R"(main: #0 #1 #2 #3 #4 #5 #6
left l.0: not convex (#0 to #1 to #2)
left l.1: not convex (#3 to #4 to #5)
)");
}

TEST(OutlinePlan, TwoThatReadEachOtherAreLeft) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) {
      [l.0] a = Neg (x) [l.1] b = Abs (x) [l.0] c = Add (x, b) [l.1] d = Add (x, a)
      [root] y = Mul (c, d)
    })",
                   "l.0,l.1"),
            R"(main: #0 #1 #2 #3 #4
left l.0: in a cycle with another module
left l.1: in a cycle with another module
)");
}

TEST(OutlinePlan, NodesInACycleAreAnError) {
  EXPECT_EQ(PlanOf(R"(main (x) => (y) {
      [l.0] p = Neg (x) [l.0] q = Relu (p)
      [root] r = Add (q, s) [root] s = Abs (r)
    })",
                   "**", true),
            "memory: nodes of the main graph read each other");
}

}  // namespace
}  // namespace modelexport
