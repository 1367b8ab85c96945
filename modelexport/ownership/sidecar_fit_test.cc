#include "modelexport/ownership/sidecar_fit.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// What the model offers, the verdict, and whatever else there is to say, a line each.
std::string Judge(absl::string_view hierarchy_lines, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(model);
  const MatchContext context(graph.view(), hierarchy, std::string());
  const Strategy strategy = StandardStrategies()[0];
  const Evidence evidence = GatherEvidence(context, strategy, false);
  const SidecarFit fit = JudgeSidecar(evidence.context, strategy, evidence.results);
  std::string text;
  for (const SidecarFit::Row& row : fit.rows) {
    if (row.offer.offered == 0) continue;
    absl::StrAppend(&text, row.kind, " ", row.offer.resolved, "/", row.offer.offered, ", ");
  }
  absl::StrAppend(&text, fit.plausible ? "plausible\n" : "wrong\n");
  if (!fit.resized.empty()) absl::StrAppend(&text, fit.resized, "\n");
  for (const std::string& line : fit.fitting) absl::StrAppend(&text, "fits: ", line, "\n");
  return text;
}

constexpr absl::string_view kModules = R"(
  ""         my.Model
  enc        my.Encoder
  enc.q      my.Linear
  enc.k      my.Linear
  dec        my.Decoder
)";

TEST(SidecarFit, AModelThatOffersNothingSaysNothing) {
  EXPECT_EQ(Judge(kModules, "main () => () {}"), "plausible\n");
  EXPECT_EQ(Judge(kModules, "main (x) => (y) { y = Relu (x) }"), "plausible\n");
}

TEST(SidecarFit, HalfOfTheScopesAreEnough) {
  EXPECT_EQ(Judge(kModules, R"(main (x) => (y) {
      [/enc/q/Relu] a = Relu (x) [/other/Relu] y = Relu (a) })"),
            "node_name 1/2, plausible\n");
}

// Names count as their exporter wrote them.
TEST(SidecarFit, AToolMayHavePutAPrefixBeforeAllNames) {
  EXPECT_EQ(Judge(kModules, R"(main (x) => (y) <float[2] m_enc.q.bias = {1, ...},
                                               float[2] m_dec.bias = {1, ...}> {
      [m_/enc/q/Add] a = Add (x, m_enc.q.bias) [m_/dec/Add] y = Add (a, m_dec.bias) })"),
            "node_name 2/2, parameter names 2/2, plausible\n");
}

// A scope is one however many nodes are in it.
TEST(SidecarFit, OneOfManyScopesIsNotEnough) {
  EXPECT_EQ(Judge(kModules, R"(main (x) => (y) {
      [/enc/Relu] a = Relu (x) [/enc/Relu_1] b = Relu (a) [/enc/Relu_2] c = Relu (b)
      [/in/Relu] d = Relu (c) [/mid/Relu] y = Relu (d) })"),
            R"(node_name 3/5, wrong
fits: #0 node name "/enc/Relu", scope "/enc" -> enc
)");
}

// The root is in every model, and so are its operators.
TEST(SidecarFit, TheRootsScopeCountsForNothing) {
  EXPECT_EQ(Judge(kModules, R"(main (x) => (y) {
      [/Relu] a = Relu (x) [/Relu_1] b = Relu (a) [/mid/Relu] y = Relu (b) })"),
            "node_name 0/1, wrong\n");
}

// A sidecar may list some modules alone. Then all scopes in one that it lists say the same.
TEST(SidecarFit, ScopesInPartsThatTheHierarchyLeavesOut) {
  EXPECT_EQ(Judge("\"\" my.Model\nenc my.Encoder\nenc.a my.A\ndec my.Decoder", R"(main (x) => (y) {
      [/enc/a/q/Relu] a = Relu (x) [/enc/a/k/Relu] b = Relu (a) [/dec/out/Relu] c = Relu (b)
      [/in/Relu] y = Relu (c) })"),
            "node_name 3/4, plausible\n");
}

constexpr absl::string_view kTensors = R"(
  ""   my.Model
  a    my.Linear
  b    my.Linear
  c    my.Linear
  tensor a.weight float32[2,3] = 1 2 3 4 5 6
  tensor a.bias float32[3] = 1 3 2
  tensor b.weight float32[3,4] = 1 2 3 4 5 6 7 8 9 8 7 5
  tensor b.bias float32[4] = 4 3 5 4
  tensor c.weight float32[4,2] = 3 1 4 1 5 9 2 6
  tensor c.bias float32[2] = 8 9
)";

// Not even the content is asked for.
TEST(SidecarFit, NamesAndShapesOfParameters) {
  EXPECT_EQ(Judge(kTensors, R"(main (x) => (y) <float[3,2] a.weight = {0, 0, 0, 0, 1, 2},
      float[3,4] b.weight = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}> {
      m = MatMul (x, a.weight) y = MatMul (m, b.weight) })"),
            "parameter names 2/2, plausible\n");
}

TEST(SidecarFit, AnotherSizeOfTheSameModel) {
  EXPECT_EQ(Judge(kTensors, R"(main (x) => (y) <float[2,2] a.weight = {0, 0, 1, 2},
      float[2,2] b.weight = {1, 0, 0, 0}, float[2] c.bias = {8, 9}> {
      m = MatMul (x, a.weight) n = MatMul (m, b.weight) y = Add (n, c.bias) })"),
            R"(parameter names 1/3, weights 0/2, shapes of weights 0/2, wrong
a model of the same names and another size: 2 of 3 parameters differ in shape, as "a.weight" is [2, 2] in the model and [2, 3] in the hierarchy
fits: #0 reads "a.weight" -> a
)");
}

// Another head, perhaps.
TEST(SidecarFit, OneParameterOfAnotherShape) {
  EXPECT_EQ(Judge(kTensors, R"(main (x) => (y) <float[2,3] a.weight = {0, 0, 0, 0, 1, 2},
      float[3,4] b.weight = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}, 
      float[4,1,3] c.weight = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}> {
      m = MatMul (x, a.weight) n = MatMul (m, b.weight) y = MatMul (n, c.weight) })"),
            R"(parameter names 2/3, plausible
1 of 3 parameters differ in shape, as "c.weight" is [4, 1, 3] in the model and [4, 2] in the hierarchy
)");
}

TEST(SidecarFit, ContentsOfNamelessWeights) {
  EXPECT_EQ(Judge(kTensors, R"(main (x) => (y) <float[2,3] w0 = {1, 2, 3, 4, 5, 6},
      float[3,4] w1 = {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 5}, float[4,2] w2 = {3, 1, 4, 1, 5, 9, 2, 6}> {
      m = MatMul (x, w0) n = MatMul (m, w1) y = MatMul (n, w2) })"),
            "fingerprint 3/3, plausible\n");
}

// One weight that two models have in common, as a table that both compute.
TEST(SidecarFit, OneEqualContentOfMany) {
  EXPECT_EQ(Judge(kTensors, R"(main (x) => (y) <float[2,3] w0 = {1, 2, 3, 4, 5, 6},
      float[3,5] w1 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
      float[5,2] w2 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, float[2,6] w3 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}> {
      m = MatMul (x, w0) n = MatMul (m, w1) o = MatMul (n, w2) y = MatMul (o, w3) })"),
            R"(fingerprint 1/1, weights 1/4, shapes of weights 1/4, wrong
fits: #0 by content reads "a.weight" -> a
)");
}

// After training, shapes are all that a nameless model has: then they must agree, and so must what
// stands beside them.
TEST(SidecarFit, ShapesAlone) {
  EXPECT_EQ(Judge(kTensors, R"(main (x) => (y) <float[2,3] w0 = {1, 2, 3, 4, 5, 0},
      float[3] w1 = {0, 1, 0}, float[3,4] w2 = {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 0},
      float[4] w3 = {3, 3, 0, 0}, float[4,2] w4 = {3, 1, 4, 1, 5, 9, 2, 0}, float[2] w5 = {1, 0}> {
      a = Gemm (x, w0, w1) b = Gemm (a, w2, w3) y = Gemm (b, w4, w5) })"),
            "plausible\n");
  EXPECT_EQ(Judge(kTensors, R"(main (x) => (y) <float[2,3] w0 = {1, 2, 3, 4, 5, 0},
      float[3,4] w2 = {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 0},
      float[4,2] w4 = {3, 1, 4, 1, 5, 9, 2, 0}> {
      a = MatMul (x, w0) b = MatMul (a, w2) y = MatMul (b, w4) })"),
            "weights 0/3, shapes of weights 3/3, wrong\n");
}

// "linear" and "relu" are in every program; the alignment places whatever it is given.
TEST(SidecarFit, NamesOfOperatorsSayNothing) {
  EXPECT_EQ(Judge(absl::StrCat(kTensors, R"(
  call ""
    call a
      op linear = aten.linear.default - a.weight a.bias
    ops_source exported_program
)"),
                  R"(main (x) => (linear) <float[5,2] w = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}> {
      [node_linear] linear = MatMul (x, w) })"),
            R"(fx_name 1/1, weights 0/1, shapes of weights 0/1, wrong
fits: #0 named "linear" as operator 0 (aten.linear.default) -> a
)");
}

}  // namespace
}  // namespace modelexport
