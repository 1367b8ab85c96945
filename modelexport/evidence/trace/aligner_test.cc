#include "modelexport/evidence/trace/aligner.h"

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/trace/test_case.h"

namespace modelexport {
namespace {

// The operators of the images, in order: "0 1 1 2". A value holds the tensor that has its name.
std::string Ops(absl::string_view hierarchy_lines, absl::string_view model,
                const std::vector<Anchor>& anchors = {}) {
  const AlignmentCase c(hierarchy_lines, model, anchors);
  std::string text;
  for (uint32_t op : Align(c.source, c.image, c.clues).op) {
    absl::StrAppend(&text, text.empty() ? "" : " ", op);
  }
  return text;
}

constexpr absl::string_view kBlocks = R"(
  ""  my.Net
  a   my.Block
  b   my.Block
  c   my.Block
  call ""
    call a
      op m0 = aten.linear.default -
      op r0 = aten.gelu.default m0
    call b
      op m1 = aten.linear.default r0
      op r1 = aten.gelu.default m1
    call c
      op m2 = aten.linear.default r1
      op r2 = aten.gelu.default m2
)";

TEST(Aligner, OfNothingIsNothing) {
  EXPECT_EQ(Ops(kBlocks, "main (x) => (x) {}"), "");
  EXPECT_EQ(Ops("\"\" my.Net", "main (x) => (y) { y = Relu (x) }"), "");
}

TEST(Aligner, OneOperatorBecomesSeveralNodes) {
  EXPECT_EQ(Ops(R"(
    "" my.Net
    call ""
      op m = aten.linear.default -
      op g = aten.gelu.default m
    )",
                R"(main (x) => (y) {
      a = MatMul (x, w)
      c = Div (a, v)
      d = Erf (c)
      e = Add (d, v)
      f = Mul (a, e)
      y = Mul (f, v)
    })"),
            "0 1 1 1 1 1");
}

TEST(Aligner, RepeatedBlocksDoNotTradePlaces) {
  EXPECT_EQ(Ops(kBlocks, R"(main (x) => (y) {
      a = Gemm (x, w)
      b = Gelu (a)
      c = Gemm (b, w2)
      d = Gelu (c)
      e = Gemm (d, w3)
      y = Gelu (e)
    })"),
            "0 1 2 3 4 5");
}

TEST(Aligner, AnOperatorMayLeaveNoNode) {
  EXPECT_EQ(Ops(R"(
    "" my.Net
    call ""
      op a = aten.linear.default -
      op b = aten.dropout.default a
      op c = aten.detach.default b
      op d = aten.relu.default c
    )",
                "main (x) => (y) { a = Gemm (x, w) y = Relu (a) }"),
            "0 3");
}

constexpr absl::string_view kBranches = R"(
  ""  my.Net
  a   my.A
  b   my.B
  tensor a.w float32[4]
  tensor b.w float32[4]
  call ""
    call a
      op a0 = aten.mul.Tensor - a.w
      op a1 = aten.relu.default a0
      op a2 = aten.neg.default a1
    call b
      op b0 = aten.mul.Tensor - b.w
      op b1 = aten.relu.default b0
      op b2 = aten.neg.default b1
    op aten.add.Tensor a2 b2
)";

TEST(Aligner, BranchesThatAnotherToolWroteInTurns) {
  EXPECT_EQ(Ops(kBranches, R"(main (x) => (y) <float[4] a.w = {1, ...}, float[4] b.w = {1, ...}> {
      b0 = Mul (x, b.w)
      a0 = Mul (x, a.w)
      b1 = Relu (b0)
      a1 = Relu (a0)
      b2 = Neg (b1)
      a2 = Neg (a1)
      y = Add (a2, b2)
    })"),
            "3 0 4 1 5 2 6");
}

TEST(Aligner, QuantizationBetweenDoesNotDisturb) {
  EXPECT_EQ(Ops(kBranches, R"(main (x) => (y) <float[4] a.w = {1, ...}, float[4] b.w = {1, ...}> {
      a0 = Mul (x, a.w)
      a0q = QuantizeLinear (a0, s)
      a0d = DequantizeLinear (a0q, s)
      a1 = Relu (a0d)
      a2 = Neg (a1)
      b0 = Mul (x, b.w)
      b1 = Relu (b0)
      b2 = Neg (b1)
      y = Add (a2, b2)
    })"),
            "0 1 2 3 4 5 6");
}

TEST(Aligner, AnAnchorDrawsWhatIsAround) {
  const std::string model = "main (x) => (y) { a = Relu (x) y = Neg (a) }";
  std::vector<Anchor> anchors(2);
  anchors[0] = {ModuleId(1), CallId(1)};
  EXPECT_EQ(Ops(kBranches, model, anchors), "1 2");
  anchors[0] = {ModuleId(2), CallId(2)};
  EXPECT_EQ(Ops(kBranches, model, anchors), "4 5");
  anchors[0] = {ModuleId(2), CallId(), false};
  EXPECT_EQ(Ops(kBranches, model, anchors), "4 5");
}

TEST(Aligner, AnAnchorToOneOperator) {
  std::vector<Anchor> anchors(2);
  anchors[0] = {ModuleId(2), CallId(2), true, OpId(4)};
  EXPECT_EQ(Ops(kBranches, "main (x) => (y) { a = Relu (x) y = Neg (a) }", anchors), "4 5");
}

// A tool wrote a part of the attention in front of what makes `v`, and it is much like a part of
// that.
TEST(Aligner, AnImageBetweenKnownResultsStandsWhereDataFlows) {
  std::vector<Anchor> anchors(7);
  anchors[0] = {ModuleId(0), CallId(0), true, OpId(0)};
  anchors[1] = {ModuleId(1), CallId(1), true, OpId(1)};
  anchors[2] = {ModuleId(2), CallId(2), true, OpId(2)};
  anchors[5] = {ModuleId(3), CallId(3), true, OpId(3)};
  anchors[6] = {ModuleId(0), CallId(0), true, OpId(4)};
  EXPECT_EQ(Ops(R"(
    ""  my.Net
    q   my.Linear
    k   my.Linear
    v   my.Linear
    call ""
      op h = aten.relu.default -
      call q
        op q = aten.linear.default h
      call k
        op k = aten.linear.default h
      call v
        op v = aten.mul.Tensor h
      op a = aten.scaled_dot_product_attention.default q k v
    )",
                R"(main (x) => (a) {
      h = Relu (x)
      q = Gemm (h, qw)
      k = Gemm (h, kw)
      half = Mul (q, c)
      product = Mul (h, vw)
      v = Mul (product, vb)
      a = Softmax (half, k, v)
    })",
                anchors),
            "0 1 2 4 3 3 4");
}

// Node 1 and 2 read each other. They are nobody's ends, and operators stand in another order.
TEST(Aligner, NodesOnACycle) {
  EXPECT_EQ(Ops(kBranches, R"(main (x) => (y) {
      a = Relu (x)
      b = Add (c, a)
      c = Add (b, c)
    })")
                .size(),
            5);
}

TEST(Aligner, ACancelledSearchEndsWithNothing) {
  const AlignmentCase c(kBlocks, "main (x) => (y) { a = Gelu (x)\n b = Gelu (a)\n y = Gelu (b) }");
  std::atomic<bool> cancelled(true);
  EXPECT_EQ(Align(c.source, c.image, c.clues, &cancelled).op.size(), 0);
  cancelled = false;
  EXPECT_EQ(Align(c.source, c.image, c.clues, &cancelled).op.size(), 3);
}

TEST(Aligner, OneOperatorAndManyNodes) {
  std::string model = "main (x) => (y) { v0 = Relu (x)\n";
  for (int i = 1; i < 10000; ++i) absl::StrAppend(&model, "v", i, " = Relu (v", i - 1, ")\n");
  const std::string ops = Ops("\"\" my.Net\ncall \"\"\n  op aten.relu.default\n", model + "}");
  EXPECT_EQ(ops.size(), 2 * 10000 - 1);
  EXPECT_EQ(ops.find_first_not_of("0 "), ops.npos);
}

}  // namespace
}  // namespace modelexport
