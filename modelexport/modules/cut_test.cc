#include "modelexport/modules/cut.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/graph/find_nodes.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// The cut of the nodes at `places`, as "#0 #2", or the error.
std::string CutText(absl::string_view model, absl::string_view places) {
  const TextGraph graph(model);
  std::vector<NodeId> nodes;
  for (absl::string_view place : absl::StrSplit(places, ' ', absl::SkipEmpty())) {
    for (NodeId node : FindNodes(graph.view(), place)) nodes.push_back(node);
  }
  const absl::StatusOr<Cut> cut = CutOut(graph.view(), nodes);
  if (cut.ok()) return ToText(graph.view(), *cut);
  EXPECT_EQ(FaultOf(cut.status()), Fault::kJudged);
  return std::string(cut.status().message());
}

TEST(CutOut, KeepsWhatAnOutputNeeds) {
  EXPECT_EQ(CutText(R"(main (x) => (y) <float[2] w = {1, 2}, float[2] v = {1, 2}> {
    a = Relu (x)
    b = Mul (a, w)
    unused = Neg (b)
    y = Add (b, v)
  })",
                    "#1 #2"),
            "nodes: #1\nin: a\nweights: w\nout: b\n");
}

// Exporters share constants between modules: whoever owns them, all that read them get them.
TEST(CutOut, TakesConstantNodesAlong) {
  constexpr char kModel[] = R"(main (x) => (y) <float[2] w = {1, 2}> {
    c = Identity (w)
    a = Mul (x, c)
    y = Add (a, c)
  })";
  EXPECT_EQ(CutText(kModel, "#2"), "nodes: #0 #2\nin: a\nweights: w\nout: y\n");
  EXPECT_EQ(CutText(kModel, "#0 #1"), "nodes: #0 #1\nin: x\nweights: w\nout: a\n");
  EXPECT_EQ(CutText(kModel, "#0"), "has 1 node, which does not depend on any input of the model");
}

TEST(CutOut, RandomNumbersAreNotConstant) {
  EXPECT_EQ(CutText(R"(main (x) => (y) { r = RandomNormal () y = Add (x, r) })", "#1"),
            "nodes: #1\nin: x, r\nweights: \nout: y\n");
}

// So that the whole model takes and gives what it did, in the same order.
TEST(CutOut, InputsAndOutputsOfTheGraphKeepTheirOrder) {
  EXPECT_EQ(CutText("main (x, z) => (u, y) { y = Relu (z) v = Neg (y) u = Sub (v, x) w = Abs (v) }",
                    "#0 #1 #2"),
            "nodes: #0 #1 #2\nin: x, z\nweights: \nout: u, y, v\n");
}

TEST(CutOut, BodiesReadForTheirNode) {
  EXPECT_EQ(CutText(R"(main (x, flag) => (y) <float[2] w = {1, 2}> {
    a = Relu (x)
    b = If (flag) <
      then_branch = yes () => (t) { s = Mul (a, w) t = Neg (s) },
      else_branch = no () => (e) <float[2] v = {1, 2}> { e = Add (a, v) }
    >
    y = Neg (b)
  })",
                    "#1 /1:then_branch#0"),
            "nodes: #1\nin: flag, a\nweights: w\nout: b\n");
}

TEST(CutOut, ABodyMayBeHome) {
  EXPECT_EQ(CutText(R"(main (x, flag) => (y) <float[2] w = {1, 2}> {
    a = Relu (x)
    c = Identity (w)
    y = If (flag) <
      then_branch = yes () => (t) { s = Mul (a, c) t = Neg (s) },
      else_branch = no () => (e) { e = Neg (a) }
    >
  })",
                    "/2:then_branch#0"),
            "nodes: #1 /2:then_branch#0\nin: a\nweights: w\nout: s\n");
}

TEST(CutOut, WhatIsInSeveralGraphsIsRefused) {
  EXPECT_EQ(CutText(R"(main (x, flag) => (y) {
    a = Relu (x)
    y = If (flag) <then_branch = yes () => (t) { t = Neg (a) },
                   else_branch = no () => (e) { e = Abs (a) }>
  })",
                    "#0 /1:then_branch#0"),
            "has nodes in several graphs, #0 and /1:then_branch#0: choose the module around it");
}

TEST(CutOut, FunctionsBelongToTheirCallers) {
  constexpr char kModel[] = R"(
    main (x) => (y) { y = local.F (x) }
    <domain: "local">
    F (i) => (o) { o = Relu (i) }
  )";
  EXPECT_EQ(CutText(kModel, "#0 function:local:F:#0"), "nodes: #0\nin: x\nweights: \nout: y\n");
  EXPECT_EQ(CutText(kModel, "function:local:F:#0"),
            "has function:local:F:#0, and not the node that calls this function: choose the module "
            "that calls it");
}

TEST(CutOut, SaysWhereAPathComesBack) {
  EXPECT_EQ(CutText(R"(main (x) => (y) {
    a = Relu (x)
    b = Neg (a)
    y = Add (a, b)
  })",
                    "#0 #2"),
            "nodes: #0 #2\nin: x, b\nweights: \nout: y, a\nback: #0 #1 #2\n");
}

TEST(CutOut, RefusesWhatHasNoMeaning) {
  EXPECT_EQ(CutText("main (x) => (x) { }", ""), "has no nodes");
  EXPECT_EQ(CutText("main (x) => (x) { y = Relu (x) }", "#0"),
            "makes nothing that is read outside");
  EXPECT_EQ(CutText("main (x) => (y) { y = Add (x, z) }", "#0"),
            "#0 reads \"z\", which nothing makes");
  EXPECT_EQ(CutText("main (x) => (y) { y = Relu (x) y = Neg (x) z = Abs (y) }", "#0 #1"),
            "the value \"y\" of #1 is defined more than once");
}

}  // namespace
}  // namespace modelexport
