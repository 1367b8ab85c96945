#include "modelexport/evidence/trace/image.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// A line for each node in sequence: "#1 Add image 1 reads 0", "#0 Constant stored".
std::string Describe(absl::string_view model) {
  constexpr absl::string_view kRoles[] = {"image", "stored", "form", "inserted", "outside"};
  const TextGraph graph(model);
  const Image image(graph.view());
  std::string text;
  uint32_t next = 0;
  for (NodeId node : image.sequence()) {
    absl::StrAppend(&text, graph.view().Place(node), " ", graph.view().op_type(node), " ",
                    kRoles[static_cast<int>(image.role(node))]);
    if (image.role(node) == NodeRole::kImage) {
      EXPECT_EQ(image.node(next), node);
      EXPECT_EQ(image.types()[image.type(next)], graph.view().op_type(node));
      absl::StrAppend(&text, " ", next);
      if (!image.producers(next).empty()) {
        absl::StrAppend(&text, " reads ", absl::StrJoin(image.producers(next), ","));
      }
      ++next;
    }
    text += "\n";
  }
  EXPECT_EQ(image.size(), next);
  return text;
}

TEST(Image, OfNothing) { EXPECT_EQ(Describe("main (x) => (x) {}"), ""); }

TEST(Image, NodesReadEachProducerOnce) {
  EXPECT_EQ(Describe("main (x) => (y) { a = Relu (x) b = Abs (a) y = Sum (b, a, b) }"),
            "#0 Relu image 0\n#1 Abs image 1 reads 0\n#2 Sum image 2 reads 1,0\n");
}

TEST(Image, StoredTensorsInAnotherForm) {
  EXPECT_EQ(Describe(R"(main (x) => (y) <float[2] w = {1, 2}> {
      t = Transpose (w)
      c = Cast (t)
      k = Constant <value_float = 1.0> ()
      r = Reshape (k, s)
      z = Transpose (x)
      y = Gemm (z, c, r)
    })"),
            "#0 Transpose stored\n#1 Cast stored\n#2 Constant stored\n#3 Reshape stored\n"
            "#4 Transpose image 0\n#5 Gemm image 1 reads 0\n");
}

TEST(Image, WhatComputesFormsAlone) {
  EXPECT_EQ(Describe(R"(main (x) => (y) <int64[1] i = {0}> {
      a = Relu (x)
      s = Shape (a)
      d = Gather (s, i)
      e = Mul (d, i)
      y = Reshape (a, e)
    })"),
            "#0 Relu image 0\n#1 Shape form\n#2 Gather form\n#3 Mul form\n"
            "#4 Reshape image 1 reads 0\n");
}

// Range computes no form from forms, but serves as one.
TEST(Image, WhatServesFormsAlone) {
  EXPECT_EQ(Describe(R"(main (x, n) => (y) {
      r = Range (n, n, n)
      u = Range (n, n, n)
      a = Reshape (x, r)
      b = Expand (a, u)
      y = Add (b, u)
    })"),
            "#0 Range form\n#1 Range image 0\n#2 Reshape image 1\n#3 Expand image 2 reads 1,0\n"
            "#4 Add image 3 reads 2,0\n");
}

TEST(Image, AGraphOutputServesMoreThanForms) {
  EXPECT_EQ(Describe("main (x, n) => (r) { r = Range (n, n, n) y = Reshape (x, r) }"),
            "#0 Range image 0\n#1 Reshape image 1 reads 0\n");
}

TEST(Image, QuantizationHandsOnWhatItReads) {
  EXPECT_EQ(Describe(R"(main (x) => (y) <float s = {1}> {
      a = Relu (x)
      q = QuantizeLinear (a, s)
      d = DequantizeLinear (q, s)
      y = Abs (d)
    })"),
            "#0 Relu image 0\n#1 QuantizeLinear inserted\n#2 DequantizeLinear inserted\n"
            "#3 Abs image 1 reads 0\n");
}

TEST(Image, ScalesOfQuantizationAreForms) {
  EXPECT_EQ(Describe(R"(main (x) => (y) <float s = {1}> {
      q, scale, zero = DynamicQuantizeLinear (x)
      m = MatMulInteger (q, w, zero)
      t = Mul (scale, s)
      y = Mul (m, t)
    })"),
            "#0 DynamicQuantizeLinear inserted\n#1 MatMulInteger image 0\n#2 Mul form\n"
            "#3 Mul image 1 reads 0\n");
}

TEST(Image, BodiesStandBeforeTheirNodeAndFunctionsOutside) {
  EXPECT_EQ(Describe(R"(
    main (x, c) => (y) {
      a = Relu (x)
      y = If (c) <
        then_branch = yes () => (t) {
          u = Abs (a)
          t = If (c) < then_branch = in () => (v) { v = Neg (u) } >
        },
        else_branch = no () => (e) { e = Exp (a) }
      >
    }
    <domain: "local">
    F (i) => (o) { o = Relu (i) })"),
            "#0 Relu image 0\n/1:then_branch#0 Abs image 1 reads 0\n"
            "/1:then_branch/1:then_branch#0 Neg image 2 reads 1\n"
            "/1:then_branch#1 If image 3\n/1:else_branch#0 Exp image 4 reads 0\n#1 If image 5\n");
}

TEST(Image, NodesThatAreNotSorted) {
  EXPECT_EQ(Describe(R"(main (x) => (y) {
      a = Add (x, b)
      b = Add (a, b)
      s = Reshape (x, r)
      r = Range (x, x, x)
      y = Abs (s)
    })"),
            "#0 Add image 0 reads 1\n#1 Add image 1 reads 0,1\n#2 Reshape image 2\n#3 Range form\n"
            "#4 Abs image 3 reads 2\n");
}

TEST(Image, AChainOfCarriersLeadsToItsOrigin) {
  std::string model = "main (x) => (y) <float[2] w = {1, 2}> { v0 = Identity (w)\n";
  constexpr int kLength = 100000;
  for (int i = 1; i < kLength; ++i) absl::StrAppend(&model, "v", i, " = Identity (v", i - 1, ")\n");
  absl::StrAppend(&model, "y = Abs (v", kLength - 1, ") }");
  const TextGraph graph(model);
  const Image image(graph.view());
  const ValueId last = graph.view().inputs(NodeId(kLength))[0];
  ASSERT_TRUE(image.origin(last).valid());
  EXPECT_EQ(graph.view().name(image.origin(last)), "w");
  EXPECT_FALSE(image.origin(graph.view().outputs(NodeId(kLength))[0]).valid());
}

// In quadratic time this takes minutes.
TEST(Image, ANodeWithManyInputsOfManyNodes) {
  std::string model = "main (x) => (y) {";
  std::string inputs;
  constexpr int kInputs = 50000;
  for (int i = 0; i < kInputs; ++i) {
    absl::StrAppend(&model, "v", i, " = Relu (x)\n");
    absl::StrAppend(&inputs, i == 0 ? "v" : ", v", i);
  }
  const TextGraph graph(absl::StrCat(model, "y = Concat (", inputs, ") z = Sum (", inputs, ") }"));
  const Image image(graph.view());
  EXPECT_EQ(image.producers(kInputs).size(), kInputs);
  EXPECT_EQ(image.consumers(7).size(), 2);
}

}  // namespace
}  // namespace modelexport
