#include "modelexport/modules/precision.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// A line for each node that has a label.
std::string Labels(absl::string_view model) {
  const testing::TextGraph graph(model);
  const absl::StatusOr<NodeLabels> labels = FindPrecision(graph.view());
  if (!labels.ok()) return std::string(labels.status().message());
  std::string text;
  for (size_t n = 0; n < graph.view().num_nodes(); ++n) {
    const uint32_t label = labels->of(NodeId(n));
    if (label == NodeLabels::kNone) continue;
    absl::StrAppend(&text, graph.view().op_type(NodeId(n)), ": ", labels->labels()[label], "\n");
  }
  return text;
}

TEST(Precision, OfWeightsThatAreReadAsTheyAre) {
  EXPECT_EQ(
      Labels(R"(main (x) => (y) <float[2] w = {1, 2}, float16[2] h = {1, 2}, int64[1] i = {0}> {
              a = MatMul (x, w)
              b = Add (a, h)
              c = Softmax (b)
              d = Gather (c, i)
              e = Transpose (w)
              f = Mul (d, e)
              k = Constant <value = double[1] {1}> ()
              y = Div (f, k)
            })"),
      "MatMul: float\nAdd: float16\nTranspose: float\nMul: float\nDiv: double\n");
}

TEST(Precision, WhatWasDequantizedCountsAsItWasStored) {
  EXPECT_EQ(
      Labels(
          R"(main (x) => (y) <int8[2] w = {1, 2}, float s = {1}, int8 z = {0}, int16[2] n = {1, 2}> {
              q = QuantizeLinear (x, s, z)
              d = DequantizeLinear (q, s, z)
              v = DequantizeLinear (w, s, z)
              t = Transpose (v)
              m = MatMul (d, t)
              u = QuantizeLinear (m, s)
              e = DequantizeLinear (u, s)
              r = Relu (e)
              o = DequantizeLinear (n, s)
              p = Mul (r, o)
              g = DequantizeLinear (x, s)
              y = Neg (g)
            })"),
      "Transpose: int8 QDQ\nMatMul: int8 QDQ\nRelu: uint8 QDQ\nMul: int16 QDQ\nNeg: QDQ\n");
}

TEST(Precision, OfOperatorsThatTakeIntegers) {
  EXPECT_EQ(Labels(R"(main (x) => (y) <uint8[2] w = {1, 2}, float[1] s = {1}, int32[1] b = {1}> {
              a = com.microsoft.MatMulNBits <bits = 4> (x, w, s)
              q, qs, qz = DynamicQuantizeLinear (a)
              c = MatMulInteger (q, w, qz)
              d = Add (c, b)
              e = com.microsoft.MatMulNBits <bits = 400> (x, w, s)
              y = com.microsoft.MatMulNBits (x, w, s)
            })"),
            "MatMulNBits: 4-bit\nMatMulInteger: uint8\nMatMulNBits: uint8\nMatMulNBits: uint8\n");
}

TEST(Precision, WhatCastMakes) {
  EXPECT_EQ(Labels(R"(main (x) => (y) {
              a = Cast <to = 10> (x)
              b = Relu (a)
              c = Cast <to = 7> (b)
              d = Gather (x, c)
              e = Cast (d)
              y = Neg (e)
            })"),
            "Relu: float16\n");
}

TEST(Precision, ShapesSayNothing) {
  EXPECT_EQ(Labels(R"(main (x) => (y) <float[2] w = {1, 2}, int8[1] n = {3}> {
              y = Resize (x, w, n)
            })"),
            "");
}

}  // namespace
}  // namespace modelexport
