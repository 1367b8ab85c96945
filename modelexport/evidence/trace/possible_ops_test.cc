#include "modelexport/evidence/trace/possible_ops.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// The names of the operators that are left for each image, "a|b -" for two images. An image makes
// the result of the operator that its value is named as.
std::string Possible(absl::string_view ops, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(absl::StrCat("\"\" my.Net\ncall \"\"\n", ops));
  const TextGraph graph(model);
  const SourceRun source(hierarchy);
  const Image image(graph.view());
  std::vector<uint32_t> made(image.size(), kNoOp);
  for (size_t i = 0; i < image.size(); ++i) {
    for (uint32_t op = 0; op < source.size(); ++op) {
      const ValueId result = graph.view().outputs(image.node(i))[0];
      if (graph.view().name(result) == hierarchy.ops()[op].node_name) made[i] = op;
    }
  }
  const Rows<uint32_t> possible = PossibleOps(source, image, made);
  std::vector<std::string> texts;
  for (size_t i = 0; i < possible.size(); ++i) {
    const auto append_name = [&](std::string* out, uint32_t op) {
      absl::StrAppend(out, hierarchy.ops()[op].node_name);
    };
    texts.push_back(possible[i].empty() ? "-" : absl::StrJoin(possible[i], "|", append_name));
  }
  return absl::StrJoin(texts, " ");
}

constexpr absl::string_view kAttention = R"(
  op q = aten.linear.default -
  op k = aten.linear.default -
  op v = aten.linear.default -
  op a = aten.attention.default q k v
  op o = aten.linear.default a
)";

TEST(PossibleOps, OfNothingKnownIsNothing) {
  EXPECT_EQ(Possible(kAttention, "main (x) => (x) {}"), "");
  EXPECT_EQ(Possible(kAttention, "main (x) => (z) { y = Relu (x) z = Relu (y) }"), "- -");
}

TEST(PossibleOps, WhatLeadsFromAllThatAnOperatorReadsToItsResultIsThatOperator) {
  EXPECT_EQ(Possible(kAttention, R"(main (x) => (o) {
      q = Gemm (x, w)
      scaled = Mul (q, c)
      k = Gemm (x, w2)
      turned = Transpose (k)
      v = Gemm (x, w3)
      scores = MatMul (scaled, turned)
      shares = Softmax (scores)
      a = MatMul (shares, v)
      o = Gemm (a, w4)
    })"),
            "- a - a - a a - -");
}

TEST(PossibleOps, ThoseOfUnknownResultOnTheWayAreLeftToo) {
  EXPECT_EQ(Possible(R"(
      op a = aten.relu.default -
      op b = aten.neg.default a
      op other = aten.exp.default -
      op c = aten.add.Tensor b other
      op d = aten.add.Tensor c a
    )",
                     R"(main (x) => (d) {
      a = Relu (x)
      t = Neg (a)
      other = Exp (x)
      u = Add (t, other)
      d = Add (u, a)
    })"),
            "- b|c|d - c|d -");
}

TEST(PossibleOps, WhatServesTwoOperatorsIsOnTheWayToBoth) {
  constexpr absl::string_view kModel = R"(main (x) => (c, d) {
      a = Relu (x)
      t = Neg (a)
      c = Exp (t)
      d = Log (t)
    })";
  EXPECT_EQ(Possible(R"(
      op a = aten.relu.default -
      op b = aten.neg.default a
      op c = aten.exp.default b
      op d = aten.log.default b
    )",
                     kModel),
            "- b - -");
  // There is none: a tool made one node of two.
  EXPECT_EQ(Possible(R"(
      op a = aten.relu.default -
      op c = aten.softplus.default a
      op d = aten.softplus.default a
    )",
                     kModel),
            "- - - -");
}

TEST(PossibleOps, NothingIsSaidOutsideOfKnownResults) {
  EXPECT_EQ(Possible(kAttention, R"(main (x) => (y) {
      t = Transpose (x)
      q = Gemm (t, w)
      y = Relu (q)
    })"),
            "- - -");
}

// The sidecar says that `o` reads what `a` makes, the file that it reads `q`.
TEST(PossibleOps, NothingIsSaidWhereTheSidesDoNotAgree) {
  EXPECT_EQ(Possible(kAttention, R"(main (x) => (o) {
      a = Relu (x)
      q = Gemm (a, w)
      t = Neg (q)
      o = Gemm (t, a)
    })"),
            "- - - -");
}

TEST(PossibleOps, WhatNoKnownResultLeadsToIsNotOnTheWay) {
  std::string ops = "  op a = aten.relu.default -\n  op w0 = aten.arange.default -\n";
  for (int i = 1; i < 100; ++i) {
    absl::StrAppend(&ops, "  op w", i, " = aten.neg.default w", i - 1, "\n");
  }
  EXPECT_EQ(Possible(ops + "  op b = aten.add.Tensor a w99",
                     "main (x) => (b) { a = Relu (x) t = Neg (a) b = Add (t, c) }"),
            "- b -");
}

TEST(PossibleOps, NothingIsSaidOfALongWay) {
  std::string ops = "  op v0 = aten.relu.default -\n";
  for (int i = 1; i < 100; ++i) {
    absl::StrAppend(&ops, "  op v", i, " = aten.neg.default v", i - 1, "\n");
  }
  EXPECT_EQ(Possible(ops, "main (x) => (v99) { v0 = Relu (x) t = Neg (v0) v99 = Neg (t) }"),
            "- - -");
}

// Nodes 1 and 2 read each other.
TEST(PossibleOps, NodesOnACycle) {
  EXPECT_EQ(Possible(R"(
      op a = aten.relu.default -
      op b = aten.exp.default a
    )",
                     R"(main (x) => (b) {
      a = Relu (x)
      s = Add (t, a)
      t = Neg (s)
      b = Exp (t)
    })"),
            "- b b -");
}

}  // namespace
}  // namespace modelexport
