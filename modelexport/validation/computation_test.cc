#include "modelexport/validation/computation.h"

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// With all functions expanded.
Computation Of(absl::string_view model) {
  const testing::TextGraph graph(model);
  absl::flat_hash_set<GraphId> functions;
  const auto& graphs = graph.view().index().graphs();
  for (size_t g = 0; g < graphs.size(); ++g) {
    if (graphs[g].kind == GraphRecord::Kind::kFunction) functions.insert(GraphId(g));
  }
  return *ComputationOf(graph.view(), functions, nullptr);
}

void ExpectSame(absl::string_view a, absl::string_view b) {
  EXPECT_EQ(Of(a).outputs, Of(b).outputs) << a << b;
  EXPECT_EQ(Of(a).nodes, Of(b).nodes) << a << b;
}

void ExpectOther(absl::string_view a, absl::string_view b) {
  EXPECT_NE(Of(a).outputs, Of(b).outputs) << a << b;
}

constexpr char kModel[] = R"(main (x) => (y) <float[2] w = {1, 2}> {
  a = Mul (x, w)
  b = Elu <alpha = 1.0> (x)
  y = Add (a, b)
})";

TEST(Computation, NamesWithinAndTheOrderDoNotCount) {
  ExpectSame(kModel, R"(main (x) => (y) <float[2] w = {1, 2}> {
  [named] q = Elu <alpha = 1.0> (x)
  p = Mul (x, w)
  y = Add (p, q)
})");
}

TEST(Computation, WhatIsComputedCounts) {
  ExpectOther(kModel, R"(main (x) => (y) <float[2] w = {1, 2}> {
  a = Mul (x, w)
  b = Elu <alpha = 2.0> (x)
  y = Add (a, b)
})");
  ExpectOther(kModel, R"(main (x) => (y) <float[2] w = {1, 2}> {
  a = Mul (x, w)
  b = Elu <alpha = 1.0> (x)
  y = Add (b, a)
})");
  ExpectOther(kModel, R"(main (z) => (y) <float[2] w = {1, 2}> {
  a = Mul (z, w)
  b = Elu <alpha = 1.0> (z)
  y = Add (a, b)
})");
}

TEST(Computation, FunctionsAreTheirNodes) {
  const Computation expanded = Of(R"(<ir_version: 8, opset_import: ["" : 20, "local" : 1]>
main (x) => (y) <float[2] w = {1, 2}> {
  y = local.F (x, w)
}
<domain: "local", opset_import: ["" : 20]>
F (i, v) => (o) {
  m = Mul (i, v)
  e = Elu <alpha = 1.0> (i)
  o = Add (m, e)
})");
  const Computation flat = Of(kModel);
  EXPECT_EQ(expanded.outputs, flat.outputs);
  EXPECT_EQ(expanded.nodes, flat.nodes);
  EXPECT_EQ(expanded.num_nodes, 3);
}

// A node that no output needs is one that runs.
TEST(Computation, NodesThatNobodyReadsCount) {
  const Computation more = Of(R"(main (x) => (y) <float[2] w = {1, 2}> {
  a = Mul (x, w)
  b = Elu <alpha = 1.0> (x)
  unread = Neg (x)
  y = Add (a, b)
})");
  EXPECT_EQ(more.outputs, Of(kModel).outputs);
  EXPECT_NE(more.nodes, Of(kModel).nodes);
  EXPECT_EQ(more.num_nodes, 4);
}

}  // namespace
}  // namespace modelexport
