#include "modelexport/evidence/trace/clues.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/trace/test_case.h"

namespace modelexport {
namespace {

// What speaks for the operators, by number: 0 where nothing does.
std::vector<float> Weights(const Clues& clues, size_t image, size_t num_ops) {
  std::vector<float> weights(num_ops, clues.base(image));
  for (const Clues::Weight& weight : clues.weights(image)) weights[weight.op] += weight.weight;
  return weights;
}

// "<3<1,2": 1 and 2 are the likeliest operators, then 3, then all others. Empty if nothing is
// known.
std::string Ranking(const std::vector<float>& weights) {
  std::vector<float> levels = weights;
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  std::string text;
  for (size_t level = 1; level < levels.size(); ++level) {
    std::vector<size_t> ops;
    for (size_t op = 0; op < weights.size(); ++op) {
      if (weights[op] == levels[level]) ops.push_back(op);
    }
    absl::StrAppend(&text, "<", absl::StrJoin(ops, ","));
  }
  return text;
}

// A line for each image: its operator, the ranking, the only operator left, those forbidden,
// whether it is of none of them. A value holds the tensor that has its name.
std::string Describe(absl::string_view hierarchy_lines, absl::string_view model,
                     const std::vector<Anchor>& anchors = {}) {
  const AlignmentCase c(hierarchy_lines, model, anchors);
  const Clues& clues = c.clues;
  std::string text;
  for (size_t i = 0; i < c.image.size(); ++i) {
    absl::StrAppend(&text, c.graph.view().op_type(c.image.node(i)), " ",
                    Ranking(Weights(clues, i, c.source.size())));
    if (clues.only_op(i) != Clues::kNone) absl::StrAppend(&text, " only ", clues.only_op(i));
    std::vector<size_t> forbidden;
    for (size_t op = 0; op < c.source.size(); ++op) {
      if (clues.Forbids(i, op)) forbidden.push_back(op);
    }
    if (!forbidden.empty()) absl::StrAppend(&text, " not ", absl::StrJoin(forbidden, ","));
    if (clues.is_of_other(i)) text += " of another";
    text += "\n";
  }
  return text;
}

constexpr absl::string_view kNet = R"(
  ""  my.Net
  a   my.Linear
  b   my.Linear
  tensor a.weight float32[3,4]
  tensor b.weight float32[5,3]
  call ""                                # 0
    call a                               # 1
      op m0 = aten.linear.default - a.weight
    op r0 = aten.relu.default m0
    call b                               # 2
      op m1 = aten.linear.default r0 b.weight
      op r1 = aten.relu.default m1
    call a                               # 3
)";

TEST(Clues, WhoReadsTheSameTensorFirstThenWhoReadsWhatWasComputedFromIt) {
  EXPECT_EQ(Describe(kNet, "main (x) => (y) { y = MatMul (x, b.weight) }"), "MatMul <3<2 only 2\n");
  EXPECT_EQ(Describe(kNet, "main (x) => (y) { y = MatMul (x, a.weight) }"),
            "MatMul <2<1<0 only 0\n");
}

TEST(Clues, WithoutTensorsNothing) {
  EXPECT_EQ(Describe(kNet, "main (x) => (y) { y = Relu (x) }"), "Relu \n");
}

TEST(Clues, ATensorThatNoOperatorReads) {
  constexpr absl::string_view kAlone = "main (x) => (y) { y = MatMul (x, c.weight) }";
  const std::string more = absl::StrCat(R"(
    ""  my.Net
    c   my.Linear
    tensor c.weight float32[3,4]
    tensor d.weight float32[5,3]
    call ""
      op m = aten.linear.default - )");
  EXPECT_EQ(Describe(absl::StrCat(more, "d.weight"), kAlone), "MatMul  of another\n");
  EXPECT_EQ(Describe(absl::StrCat(more, "d.weight"),
                     "main (x) => (y) { y = Gemm (x, c.weight, d.weight) }"),
            "Gemm  only 0\n");
  // The sidecar does not say what operators read.
  EXPECT_EQ(Describe(absl::StrCat(more, "-"), kAlone), "MatMul \n");
}

// By shape up to the order of dims; the value has no tensor's name.
// The run has no operators for the nodes of the bodies, if it lists control flow as one operator.
TEST(Clues, BodiesOfControlFlowThatIsOneOperator) {
  constexpr absl::string_view kBody = R"(main (x) => (y) {
    y = If (x) <then_branch = then () => (z) { z = Relu (x) }>
  })";
  constexpr absl::string_view kRun = R"(
    ""  my.Net
    call ""
      op c = torch.ops.higher_order.cond -
      op r = aten.relu.default c
  )";
  EXPECT_EQ(Describe(kRun, kBody), "Relu  of another\nIf \n");
  EXPECT_EQ(Describe("\"\" my.Net\ncall \"\"\n  op r = aten.relu.default -", kBody),
            "Relu \nIf \n");
}

TEST(Clues, ShapesOfUnknownTensors) {
  EXPECT_EQ(Describe(kNet, R"(main (x) => (y)
      <float[3, 5] w = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}> {
        y = MatMul (x, w)
      })"),
            "MatMul <2\n");
}

TEST(Clues, AnchorsForbidWhatTheyExclude) {
  const ModuleId root(0), a(1), b(2);
  constexpr absl::string_view kRelu = "main (x) => (y) { y = Relu (x) }";
  EXPECT_EQ(Describe(kNet, kRelu, {{b, CallId()}}), "Relu  not 0,1\n");
  EXPECT_EQ(Describe(kNet, kRelu, {{root, CallId()}}), "Relu  not 0,2,3\n");
  EXPECT_EQ(Describe(kNet, kRelu, {{root, CallId(), false}}), "Relu \n");
  EXPECT_EQ(Describe(kNet, kRelu, {{a, CallId(1)}}), "Relu  only 0 not 1,2,3\n");
  EXPECT_EQ(Describe(kNet, kRelu, {{b, CallId(2), true, OpId(3)}}), "Relu  only 3 not 0,1,2\n");
}

// The second call of `a` ran no operator: nothing can be an image of it, whatever the anchor says.
TEST(Clues, AnAnchorWithoutOperatorsForbidsNothing) {
  EXPECT_EQ(Describe(kNet, "main (x) => (y) { y = Relu (x) }", {{ModuleId(1), CallId(3)}}),
            "Relu \n");
}

}  // namespace
}  // namespace modelexport
