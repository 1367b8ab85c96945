#include "modelexport/ownership/weights_fit.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

constexpr absl::string_view kTensors = R"(
  ""     my.Model
  a      my.Linear
  b      my.Linear
  c      my.Linear
  tensor a.weight float32[2,3] = 1 2 3 4 5 6
  tensor a.bias float32[3] = 1 3 2
  tensor b.weight float32[2,3] = 1 2 3 4 8 9
  tensor b.bias float32[3] = 4 3 5
  tensor c.weight float32[4,2] = 3 1 4 1 5 9 2 6
)";

std::string Fit(absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(kTensors);
  const TextGraph graph(model);
  const WeightsFit fit = FitWeights(MatchContext(graph.view(), hierarchy, std::string()));
  return absl::StrCat("weights ", fit.weights, ": named ", fit.named, ", resized ", fit.resized,
                      ", equal ", fit.equal, ", alike ", fit.alike, "; shapes ", fit.shapes_known,
                      " of ", fit.shapes, "; tensors ", fit.tensors, ": found ", fit.found,
                      ", taken ", fit.taken, "; biases ", fit.biases_alike, " of ", fit.biases,
                      ", vectors ", fit.vectors_alike, " of ", fit.vectors);
}

TEST(WeightsFit, EachWeightCountsOnce) {
  EXPECT_EQ(Fit(R"(main (x) => (y) <float[3,2] a.weight = {0, 0, 0, 0, 1, 2},
      float[2,2] c.weight = {0, 0, 1, 2}, float[2,3] w0 = {1, 2, 3, 4, 8, 9},
      float[2,3] w1 = {1, 2, 3, 4, 7, 7}, float[3] b = {0, 1, 0}> {
      p = MatMul (x, a.weight) q = MatMul (p, w0) r = MatMul (q, c.weight) y = Gemm (r, w1, b) })"),
            "weights 4: named 1, resized 1, equal 1, alike 0; shapes 1 of 2; "
            "tensors 3: found 2, taken 2; biases 1 of 2, vectors 1 of 1");
}

// As runtimes join query and key, and ONNX the directions of an LSTM.
TEST(WeightsFit, WeightsThatWereJoined) {
  const absl::string_view expected =
      "weights 1: named 0, resized 0, equal 0, alike 1; shapes 1 of 1; "
      "tensors 3: found 0, taken 2; biases 0 of 2, vectors 0 of 0";
  EXPECT_EQ(Fit(R"(main (x) => (y) <float[2,6] w = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}> {
      y = MatMul (x, w) })"),
            expected);
  EXPECT_EQ(Fit(R"(main (x) => (y) <float[2,2,3] w = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}> {
      y = LSTM (x, w) })"),
            expected);
}

// A mask may have any shape, and packed integers any at all.
TEST(WeightsFit, WhatMayBeNoWeightCountsOnlyIfATensorHasItsShape) {
  EXPECT_EQ(Fit(R"(main (x) => (y) <float[5,5] mask = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, uint8[5,2] packed = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
      int8[4,2] q = {1, 2, 3, 4, 5, 6, 7, 9}, int64[2,3] ids = {1, 2, 3, 4, 5, 6}> {
      a = Add (x, mask) b = MatMulNBits (a, packed) c = MatMulInteger (b, q)
      y = Gather (c, ids) })"),
            "weights 1: named 0, resized 0, equal 0, alike 1; shapes 1 of 1; "
            "tensors 3: found 0, taken 1; biases 0 of 2, vectors 0 of 0");
}

}  // namespace
}  // namespace modelexport
