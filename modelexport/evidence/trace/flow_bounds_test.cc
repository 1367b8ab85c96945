#include "modelexport/evidence/trace/flow_bounds.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

constexpr absl::string_view kModules = R"(
  ""   my.Net
  a    my.A
  a.l  my.L
  b    my.B
  tensor a.w float32[4,4]
  tensor a.l.w float32[4,4]
  tensor b.w float32[4,4]
  call ""
    call a
      op m = aten.mm.default - a.w
      call a.l
        op n = aten.mm.default m a.l.w
    call b
      op r = aten.mm.default n b.w
)";

// A line for each node that the flow of data restricts.
std::string Bounds(absl::string_view model, std::vector<Anchor> anchors = {}) {
  const Hierarchy hierarchy = testing::HierarchyOf(kModules);
  const testing::TextGraph graph(
      absl::StrCat("main (x) => (y) <float[4, 4] a.w = {1, ...}, float[4, 4] a.l.w = {2, ...}, "
                   "float[4, 4] b.w = {3, ...}> {",
                   model, "}"));
  anchors.resize(graph.view().num_nodes());
  const TensorIdentity tensors(graph.view(), hierarchy, absl::nullopt);
  BoundByFlow(SourceRun(hierarchy), Image(graph.view()), tensors, &anchors);
  std::string text;
  for (size_t n = 0; n < anchors.size(); ++n) {
    if (!anchors[n].within.valid()) continue;
    absl::StrAppend(&text, graph.view().op_type(NodeId(n)), " within ",
                    hierarchy.module(anchors[n].within).path, "\n");
  }
  return text;
}

TEST(FlowBounds, BetweenNodesThatReadTensors) {
  EXPECT_EQ(Bounds(R"(
      p = Gemm (x, a.w)
      q = Relu (p)
      r = MatMul (q, a.l.w)
      s = Abs (r)
      y = Conv (s, b.w)
    )"),
            "Relu within a\n");
}

// Another node reads it than the operator: which one is not certain.
TEST(FlowBounds, ATensorThatMoreNodesReadThanOperatorsProvesNothing) {
  EXPECT_EQ(Bounds(R"(
      o = Gemm (x, a.w)
      p = Gemm (o, a.w)
      q = Relu (p)
      y = MatMul (q, a.l.w)
    )"),
            "");
}

TEST(FlowBounds, BetweenNodesThatAreSettled) {
  EXPECT_EQ(Bounds("p = Exp (x)\n q = Relu (p)\n y = MatMul (q, a.l.w)", {{ModuleId(1), CallId()}}),
            "Relu within a\n");
  EXPECT_EQ(Bounds("p = Exp (x)\n q = Relu (p)\n y = MatMul (q, a.l.w)"), "");
}

}  // namespace
}  // namespace modelexport
