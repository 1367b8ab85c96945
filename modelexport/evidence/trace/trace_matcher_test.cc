#include "modelexport/evidence/trace/trace_matcher.h"

#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A line for each candidate, as "#1 -> a call 0 (<reason>)". Scores have no digits here.
std::string Match(absl::string_view hierarchy_lines, absl::string_view model,
                  const std::vector<Candidate>& settled = {}) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(model);
  const MatchContext base{graph.view(), hierarchy};
  const MatchContext context = base.WithSettled(settled);
  const TraceMatcher matcher;
  std::string text;
  for (const Candidate& candidate : matcher.Match(context).candidates) {
    const absl::string_view path = hierarchy.module(candidate.module).path;
    absl::StrAppend(&text, graph.view().Place(candidate.node), " -> ", path.empty() ? "." : path);
    if (candidate.call.valid()) {
      absl::StrAppend(&text, " call ", hierarchy.call(candidate.call).ordinal);
    }
    absl::StrAppend(&text, " (", matcher.Reason(context, candidate), ")\n");
  }
  return std::regex_replace(text, std::regex("by [0-9.]+"), "by N");
}

// More than four million pairs.
TEST(TraceMatcher, NotesThatNotAllOperatorsWereConsidered) {
  std::string model = "main (x) => (v2099) {\n";
  std::string modules = "\"\" my.Net\ncall \"\"\n";
  for (int i = 0; i < 2100; ++i) {
    absl::StrAppend(&model, "v", i, " = Relu (x)\n");
    absl::StrAppend(&modules, "  op aten.relu.default -\n");
  }
  const Hierarchy hierarchy = HierarchyOf(modules);
  const TextGraph graph(model + "}");
  const MatchResult result = TraceMatcher().Match(MatchContext(graph.view(), hierarchy));
  ASSERT_EQ(result.notes.size(), 1);
  EXPECT_EQ(
      result.notes[0],
      "trace: 2100 nodes times 2100 operators are too many pairs; each node was compared with "
      "1997 operators around where it is expected");
}

constexpr absl::string_view kTwoModules = R"(
  ""  my.Net
  a   my.A
  b   my.B
  tensor a.w float32[4,4]
  tensor b.w float32[4,4]
  call ""
    call a
      op m = aten.mm.default - a.w
      op r = aten.relu.default m
    call b
      op n = aten.mm.default r b.w
      op aten.sigmoid.default n
)";

TEST(TraceMatcher, NamesTheOperatorItsCallsAndTheNextBestModule) {
  EXPECT_EQ(Match(kTwoModules, R"(
    main (x) => (y) <float[4, 4] a.w = {1, ...}, float[4, 4] b.w = {2, ...}> {
      p = MatMul (x, a.w)
      q = Relu (p)
      s = MatMul (q, b.w)
      y = Sigmoid (s)
    })"),
            "#0 -> a call 0 (aligned with operator 0 (aten.mm.default) in (root) > a; next best b, "
            "by N)\n"
            "#1 -> a call 0 (aligned with operator 1 (aten.relu.default) in (root) > a; next best "
            "b, by N)\n"
            "#2 -> b call 0 (aligned with operator 2 (aten.mm.default) in (root) > b; next best a, "
            "by N)\n"
            "#3 -> b call 0 (aligned with operator 3 (aten.sigmoid.default) in (root) > b; next "
            "best a, by N)\n");
}

// The exporter kept one of several equal weights: its name tells none of its readers from another.
TEST(TraceMatcher, ANameThatEqualTensorsShareLeavesTheOrder) {
  EXPECT_EQ(
      Match(R"(
    ""  my.Net
    a   my.Norm
    b   my.Norm
    c   my.Norm
    tensor a.w float32[2] = 1 1
    tensor b.w float32[2] = 1 1
    tensor c.w float32[2] = 1 1
    call ""
      call a
        op l = aten.layer_norm.default - a.w
      op s = aten.tanh.default l
      call b
        op m = aten.layer_norm.default s b.w
      op t = aten.tanh.default m
      call c
        op aten.layer_norm.default t c.w)",
            R"(
    main (x) => (v4) <float[2] a.w = {1, 1}> {
      v0 = LayerNormalization (x, a.w)
      v1 = Tanh (v0)
      v2 = LayerNormalization (v1, a.w)
      v3 = Tanh (v2)
      v4 = LayerNormalization (v3, a.w)
    })"),
      "#0 -> a call 0 (aligned with operator 0 (aten.layer_norm.default) in (root) > a; next "
      "best (root), by N)\n"
      "#1 -> . call 0 (aligned with operator 1 (aten.tanh.default) in (root); next best a, by "
      "N)\n"
      "#2 -> b call 0 (aligned with operator 2 (aten.layer_norm.default) in (root) > b; next "
      "best (root), by N)\n"
      "#3 -> . call 0 (aligned with operator 3 (aten.tanh.default) in (root); next best b, by "
      "N)\n"
      "#4 -> c call 0 (aligned with operator 4 (aten.layer_norm.default) in (root) > c; next "
      "best (root), by N)\n");
}

// A residual block that divides by a factor of 1, as those of diffusers do, before a normalization
// that the exporter writes as several nodes.
TEST(TraceMatcher, AnOperatorThatReturnsWhatItReadsNeedsNoNode) {
  EXPECT_EQ(
      Match(R"(
  ""    my.Net
  res   my.Res
  norm  torch.nn.GroupNorm
  tensor norm.weight float32[4]
  call ""
    call res
      op add = aten.add.Tensor - -
      op div = aten.div.Tensor =add
    call norm
      op group_norm = aten.group_norm.default div norm.weight
)",
            R"(
    main (x) => (y) <float[4] norm.weight = {1, 2, 3, 4}> {
      sum = Add (x, x)
      flat = Reshape (sum, x)
      n = InstanceNormalization (flat, x, x)
      back = Reshape (n, x)
      y = Mul (back, norm.weight)
    })",
            {{NodeId(0), ModuleId(1), CallId(1), true, OpId(0)}}),
      "#1 -> norm call 0 (aligned with operator 2 (aten.group_norm.default) in (root) > norm; "
      "next best res, by N)\n"
      "#2 -> norm call 0 (aligned with operator 2 (aten.group_norm.default) in (root) > norm; "
      "next best res, by N)\n"
      "#3 -> norm call 0 (aligned with operator 2 (aten.group_norm.default) in (root) > norm; "
      "next best res, by N)\n"
      "#4 -> norm call 0 (aligned with operator 2 (aten.group_norm.default) in (root) > norm; "
      "next best res, by N)\n");
}

TEST(TraceMatcher, WhatServesANodeStandsWithIt) {
  EXPECT_EQ(Match(kTwoModules, R"(
    main (x) => (y) <float[4, 4] a.w = {1, ...}, float[4, 4] b.w = {2, ...}> {
      p = MatMul (x, a.w)
      q = Relu (p)
      t = Transpose (b.w)
      s = MatMul (q, t)
      shape = Shape (x)
      last = Gather (shape, x)
      z = Sigmoid (s)
      y = Reshape (z, last)
    })"),
            "#0 -> a call 0 (aligned with operator 0 (aten.mm.default) in (root) > a; next best b, "
            "by N)\n"
            "#1 -> a call 0 (aligned with operator 1 (aten.relu.default) in (root) > a; next best "
            "b, by N)\n"
            "#2 -> b call 0 (with #3, that uses it: aligned with operator 2 (aten.mm.default) in "
            "(root) > b; next best a, by N)\n"
            "#3 -> b call 0 (aligned with operator 2 (aten.mm.default) in (root) > b; next best a, "
            "by N)\n"
            "#4 -> b call 0 (with #5, that uses it: aligned with operator 3 (aten.sigmoid.default) "
            "in (root) > b; next best a, by N)\n"
            "#5 -> b call 0 (with #7, that uses it: aligned with operator 3 (aten.sigmoid.default) "
            "in (root) > b; next best a, by N)\n"
            "#6 -> b call 0 (aligned with operator 3 (aten.sigmoid.default) in (root) > b; next "
            "best a, by N)\n"
            "#7 -> b call 0 (aligned with operator 3 (aten.sigmoid.default) in (root) > b; next "
            "best a, by N)\n");
}

// A name of which only the beginning is known leaves the module below it open.
TEST(TraceMatcher, GoesBelowARestriction) {
  constexpr absl::string_view kNested = R"(
  ""   my.Net
  a    my.A
  a.b  my.B
  call ""
    call a
      call a.b
        op aten.relu.default -
)";
  const std::vector<Candidate> within = {{NodeId(0), ModuleId(1), CallId(), false}};
  EXPECT_EQ(Match(kNested, "main (x) => (y) { y = Relu (x) }", within),
            "#0 -> a.b call 0 (aligned with operator 0 (aten.relu.default) in (root) > a > a.b; "
            "no other module was considered)\n");
  const std::vector<Candidate> in_leaf = {{NodeId(0), ModuleId(2), CallId(), false}};
  EXPECT_EQ(Match(kNested, "main (x) => (y) { y = Relu (x) }", in_leaf), "");
}

TEST(TraceMatcher, IsSilentWhereAllIsSettled) {
  const std::vector<Candidate> settled = {{NodeId(0), ModuleId(1), CallId(1)}};
  EXPECT_EQ(Match(kTwoModules, "main (x) => (y) { y = Relu (x) }", settled), "");
}

TEST(TraceMatcher, IsSilentWithoutOperatorsOrNodes) {
  EXPECT_EQ(Match("\"\" my.Net", "main (x) => (y) { y = Relu (x) }"), "");
  EXPECT_EQ(Match(kTwoModules, "main (x) => (x) {}"), "");
  EXPECT_EQ(Match(kTwoModules, "main (x) => (y) { y = Constant <value_float = 1.0> () }"), "");
}

TEST(TraceMatcher, ProposesNothingForWhatIsSettled) {
  const std::vector<Candidate> settled = {{NodeId(0), ModuleId(2), CallId(2)}};
  EXPECT_EQ(Match(kTwoModules, "main (x) => (y) { z = Relu (x) y = Sigmoid (z) }", settled),
            "#1 -> b call 0 (aligned with operator 3 (aten.sigmoid.default) in (root) > b; "
            "next best a, by N)\n");
}

}  // namespace
}  // namespace modelexport
