#include "modelexport/graph/find_nodes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// The places of the nodes found, each with a space before it.
std::string Found(const GraphView& graph, absl::string_view text) {
  std::string places;
  for (NodeId node : FindNodes(graph, text)) absl::StrAppend(&places, " ", graph.Place(node));
  return places;
}

class FindNodesTest : public ::testing::Test {
 protected:
  const testing::TextGraph graph_{R"(
    main (x) => (y) {
      [twin] a = Relu (x)
      ["#0"] b = If (a) <
        then_branch = yes () => (t) { [twin] t = Relu (a) [deep] a2 = Relu (t) },
        branches = [p () => (t) { t = Tanh (a) }, q () => (u) { u = Tanh (a) }]
      >
      [b] y = local.F (b)
      ["/1:then_branch"] z, w = Split (y)
    }
    <domain: "local">
    F (v) => (r) { r = Relu (v) }
    <domain: "local", overload: "o">
    F (v) => (r) { s = Relu (v)  r = Relu (s) }
  )"};
  const GraphView& view_ = graph_.view();
};

TEST_F(FindNodesTest, ByPlace) {
  for (const char* place :
       {"#0", "#3", "/1:then_branch#1", "/1:branches:1#0", "function:local:F:#0",
        "function:local:F:o#1"}) {
    EXPECT_EQ(Found(view_, place), absl::StrCat(" ", place));
  }
}

TEST_F(FindNodesTest, NoSuchPlace) {
  for (const char* place : {"#4", "#-1", "#", "#x", "/1:then_branch#2", "/1:else_branch#0",
                            "/0:then_branch#0", "function:local:F:p#0", "function:local:G:#0"}) {
    EXPECT_EQ(Found(view_, place), "") << place;
  }
}

TEST_F(FindNodesTest, ByOutputInEveryGraph) {
  EXPECT_EQ(Found(view_, "a2"), " /1:then_branch#1");
  EXPECT_EQ(Found(view_, "w"), " #3");
  EXPECT_EQ(Found(view_, "t"), " /1:then_branch#0 /1:branches:0#0");
}

TEST_F(FindNodesTest, ByName) {
  EXPECT_EQ(Found(view_, "deep"), " /1:then_branch#1");
  EXPECT_EQ(Found(view_, "twin"), " #0 /1:then_branch#0");
  EXPECT_EQ(Found(view_, "/1:then_branch"), " #3");
}

// A node named "b" and one named "#0" are passed over for the output b and the place #0.
TEST_F(FindNodesTest, PlacesBeforeOutputsBeforeNames) {
  EXPECT_EQ(Found(view_, "b"), " #1");
  EXPECT_EQ(Found(view_, "#0"), " #0");
}

TEST_F(FindNodesTest, NothingMadeByANode) {
  EXPECT_EQ(Found(view_, "x"), "");
  EXPECT_EQ(Found(view_, "nothing"), "");
  EXPECT_EQ(Found(view_, ""), "");
}

}  // namespace
}  // namespace modelexport
