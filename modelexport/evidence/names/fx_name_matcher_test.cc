#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

constexpr absl::string_view kModules = R"(
  ""  my.Net
  a   my.A
  b   my.B
  call ""
    op stack = aten.stack.default
    call a
      op add = aten.add.Tensor
      op add_3 = aten.add.Tensor add
      op split = aten.split.Tensor add_3
    call b
      op layer_norm = aten.layer_norm.default split
    call a
      op add_30 = aten.add.Tensor layer_norm
)";

// A line for each candidate, as "#1 -> a call 1, its result (<reason>)".
std::string Match(absl::string_view source, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(absl::StrCat(kModules, source));
  const TextGraph graph(model);
  const MatchContext context{graph.view(), hierarchy};
  const FxNameMatcher matcher;
  const MatchResult result = matcher.Match(context);
  EXPECT_EQ(result.offer.resolved, result.candidates.size());
  std::string text;
  for (const Candidate& candidate : result.candidates) {
    const absl::string_view path = hierarchy.module(candidate.module).path;
    absl::StrAppend(&text, graph.view().Place(candidate.node), " -> ", path.empty() ? "." : path,
                    " call ", hierarchy.call(candidate.call).ordinal,
                    candidate.op.valid() ? ", its result" : "", " (",
                    matcher.Reason(context, candidate), ")\n");
  }
  return text;
}

std::string Match(absl::string_view model) { return Match("ops_source exported_program", model); }

TEST(FxNameMatcher, AResultHasTheNameOfItsOperator) {
  EXPECT_EQ(Match("main (x) => (y) { add_3 = Add (x, x) add_30 = Add (add_3, x) stack = Abs (x) }"),
            "#0 -> a call 0, its result (named \"add_3\" as operator 2 (aten.add.Tensor))\n"
            "#1 -> a call 1, its result (named \"add_30\" as operator 5 (aten.add.Tensor))\n"
            "#2 -> . call 0, its result (named \"stack\" as operator 0 (aten.stack.default))\n");
}

TEST(FxNameMatcher, SeveralResultsAreNumbered) {
  EXPECT_EQ(Match("main (x) => (y) { split__0, split__1 = Split (x) }"),
            "#0 -> a call 0 (named \"split__0\" as operator 3 (aten.split.Tensor))\n");
}

TEST(FxNameMatcher, AnyOutputMayHaveTheName) {
  EXPECT_EQ(Match("main (x) => (y) { \"\", val_1, layer_norm = F (x) }"),
            "#0 -> b call 0, its result (named \"layer_norm\" as operator 4 "
            "(aten.layer_norm.default))\n");
}

// What a value is called that a tool made on the way to another: the longest beginning counts.
TEST(FxNameMatcher, NamesThatToolsDerive) {
  EXPECT_EQ(Match(R"(main (x) => (y) {
      add_output_quantized = QuantizeLinear (x)
      add_3quant_scaled_output = Mul (x, x)
      split__0_quantized = QuantizeLinear (x)
      layer_norm_Mul_1 = Mul (x, x)
    })"),
            "#0 -> a call 0 (named \"add_output_quantized\" as operator 1 (aten.add.Tensor))\n"
            "#1 -> a call 0 (named \"add_3quant_scaled_output\" as operator 2 (aten.add.Tensor))\n"
            "#2 -> a call 0 (named \"split__0_quantized\" as operator 3 (aten.split.Tensor))\n"
            "#3 -> b call 0 (named \"layer_norm_Mul_1\" as operator 4 "
            "(aten.layer_norm.default))\n");
}

TEST(FxNameMatcher, ANodeIsNamedAfterItsOperatorToo) {
  EXPECT_EQ(Match("main (x) => (y) { [node_add_3] v1 = Add (x, x) [add_3] v2 = Add (x, x) }"),
            "#0 -> a call 0 (named \"node_add_3\" as operator 2 (aten.add.Tensor))\n");
}

TEST(FxNameMatcher, OtherNamesSayNothing) {
  EXPECT_EQ(Match(R"(main (x) => (y) {
      val_12 = Add (x, x)
      add_31 = Add (x, x)
      added = Add (x, x)
      _add = Add (x, x)
      add__ = F (x)
      [node_] "" = Add (x, x)
    })"),
            "");
}

// A branch is a program of its own: its `add` is another one.
TEST(FxNameMatcher, NamesInBodiesSayNothing) {
  EXPECT_EQ(Match(R"(main (c, x) => (y) {
      add_3 = If (c) <
        then_branch = then () => (add_true_graph_0) { add_true_graph_0 = Add (x, x) },
        else_branch = else () => (split) { split = Abs (x) }
      >
    })"),
            "#0 -> a call 0, its result (named \"add_3\" as operator 2 (aten.add.Tensor))\n");
}

TEST(FxNameMatcher, ASingleNameOfAnotherRunSaysNothing) {
  const absl::string_view model = "main (x) => (y) { add_3 = Add (x, x) }";
  EXPECT_EQ(Match("ops_source torch_export", model), "");
  EXPECT_EQ(Match("ops_source dispatch", model), "");
  EXPECT_EQ(Match("", model), "");
}

TEST(FxNameMatcher, NamesOfAnotherRunThatAgreeWithTheFlowOfData) {
  EXPECT_EQ(Match("ops_source torch_export", R"(main (x) => (y) {
              add = Add (x, x) add_3 = Add (add, x) split = Split (add_3) val_1 = Abs (split)
            })"),
            "#0 -> a call 0, its result (named \"add\" as operator 1 (aten.add.Tensor))\n"
            "#1 -> a call 0, its result (named \"add_3\" as operator 2 (aten.add.Tensor))\n"
            "#2 -> a call 0, its result (named \"split\" as operator 3 (aten.split.Tensor))\n");
}

// In the file's run one addition more came first.
TEST(FxNameMatcher, NumbersOfAnotherRun) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""  my.Net
    a   my.A
    call ""
      op relu = aten.relu.default
      call a
        op add = aten.add.Tensor relu
      op relu_1 = aten.relu.default add
      op add_1 = aten.add.Tensor relu_1
      op add_2 = aten.add.Tensor add_1
    ops_source exported_program
  )");
  const TextGraph graph(R"(main (x) => (y) {
    relu = Relu (x) add_1 = Add (relu, x) relu_1 = Relu (add_1) add_2 = Add (relu_1, x)
  })");
  const MatchContext context{graph.view(), hierarchy};
  const MatchResult result = FxNameMatcher().Match(context);
  ASSERT_EQ(result.candidates.size(), 4);
  EXPECT_EQ(
      FxNameMatcher().Reason(context, result.candidates[1]),
      "named \"add_1\" and reads what operator 1 (aten.add.Tensor) reads, which is \"add\" in "
      "the run");
  EXPECT_EQ(hierarchy.module(result.candidates[1].module).path, "a");
}

// Each cut would look up all that is left.
TEST(FxNameMatcher, ALongNameIsNotSearchedToItsBeginning) {
  std::string name = "add";
  for (int i = 0; i < 200000; ++i) name += "_a";
  EXPECT_EQ(Match(absl::StrCat("main (x) => (y) { ", name, " = Add (x, x) }")), "");
}

TEST(FxNameMatcher, AToolMayHavePutAPrefixBeforeAllNames) {
  EXPECT_EQ(
      Match("main (x) => (y) { m_add_3 = Add (x, x) m_stack = Abs (x) [m_node_split] a = A (x) "
            "[m_node_add] b = B (x) }"),
      "#0 -> a call 0, its result (named \"add_3\" as operator 2 (aten.add.Tensor))\n"
      "#1 -> . call 0, its result (named \"stack\" as operator 0 (aten.stack.default))\n"
      "#2 -> a call 0 (named \"node_split\" as operator 3 (aten.split.Tensor))\n"
      "#3 -> a call 0 (named \"node_add\" as operator 1 (aten.add.Tensor))\n");
}

// The output "add" is what its user calls it; a tool has numbered the value that had that name.
TEST(FxNameMatcher, ANodesOwnNameIsBelievedRatherThanThatOfAnOutput) {
  EXPECT_EQ(
      Match("main (x) => (add) { [node_add] add_1 = Add (x, x) [node_layer_norm] add = L (x) }"),
      "#0 -> a call 0 (named \"node_add\" as operator 1 (aten.add.Tensor))\n"
      "#1 -> b call 0 (named \"node_layer_norm\" as operator 4 (aten.layer_norm.default))\n");
}

TEST(FxNameMatcher, ANodesOwnNameIsBelievedWhereItReadsAnothersTensors) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""  my.Net
    a   my.A
    b   my.B
    tensor a.weight float32[4]
    tensor b.weight float32[4]
    call ""
      call a
        op linear = aten.linear.default a.weight
      call b
        op linear_1 = aten.linear.default b.weight
    ops_source exported_program
  )");
  const TextGraph graph(R"(main (x) => (y) <float[4] a.weight, float[4] b.weight> {
    [node_linear] linear_1 = Gemm (x, a.weight)
    [node_linear] linear_1_1 = Gemm (x, b.weight)
    [node_other] linear = Gemm (x, b.weight)
  })");
  std::string text;
  for (const Candidate& candidate : FxNameMatcher().Match({graph.view(), hierarchy}).candidates) {
    absl::StrAppend(&text, graph.view().Place(candidate.node), " -> ",
                    hierarchy.module(candidate.module).path, "\n");
  }
  EXPECT_EQ(text, "#0 -> a\n#1 -> a\n#2 -> a\n");
}

}  // namespace
}  // namespace modelexport
