#include "modelexport/modules/chain.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/graph/find_nodes.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// The pieces for parts of nodes at places, as "#1 #2|#4": a line for each. Or the error.
std::string Chained(absl::string_view model, absl::string_view parts) {
  const testing::TextGraph graph(model);
  std::vector<std::vector<NodeId>> nodes;
  for (absl::string_view part : absl::StrSplit(parts, '|')) {
    nodes.emplace_back();
    for (absl::string_view place : absl::StrSplit(part, ' ', absl::SkipEmpty())) {
      for (NodeId node : FindNodes(graph.view(), place)) nodes.back().push_back(node);
    }
  }
  const auto pieces = ChainOf(graph.view(), nodes);
  if (!pieces.ok()) {
    EXPECT_EQ(FaultOf(pieces.status()), Fault::kJudged);
    return std::string(pieces.status().message());
  }
  std::string text;
  for (const std::vector<NodeId>& piece : *pieces) {
    for (NodeId node : piece) absl::StrAppend(&text, graph.view().Place(node), " ");
    text += "\n";
  }
  return text;
}

constexpr char kModel[] = R"(main (x) => (y) <float[2] w = {1, 2}> {
  before = Relu (x)
  constant = Identity (w)
  a = Mul (before, constant)
  between = Neg (a)
  b = Add (between, constant)
  beside = Abs (x)
  y = Sub (b, beside)
})";

// What is of no part comes as early as it can; constant nodes are of no piece.
TEST(Chain, EachNodeHasAPiece) {
  EXPECT_EQ(Chained(kModel, "#2|#4"), "#0 #2 #3 #5 \n#4 #6 \n");
  EXPECT_EQ(Chained(kModel, "#2|#3 #5|#4 #1"), "#0 #2 \n#3 #5 \n#4 #6 \n");
  EXPECT_EQ(Chained(kModel, "#2 #4"), "#0 #2 #3 #4 #5 #6 \n");
}

TEST(Chain, APartWithoutNodesHasWhatFollowsFromNothing) {
  EXPECT_EQ(Chained(kModel, "|#2"), "#0 #5 \n#2 #3 #4 #6 \n");
  EXPECT_EQ(Chained(kModel, "#2|"), "#0 #2 #3 #4 #5 #6 \n\n");
}

TEST(Chain, PartsMustFollowEachOther) {
  EXPECT_EQ(Chained(kModel, "#4|#2"), "#4 of piece 0 reads what #3 of piece 1 makes");
  EXPECT_EQ(Chained(kModel, "#2 #4|#3"), "#4 of piece 0 reads what #3 of piece 1 makes");
  EXPECT_EQ(Chained(kModel, "#2|#2 #4"), "#2 is of piece 0 and of piece 1");
}

TEST(Chain, NodesInBodiesAreWhereTheirNodeIs) {
  constexpr char kIf[] = R"(main (x, c) => (z) {
    a = Relu (x)
    y = If (c) < then_branch = yes () => (t) { t = Neg (a) },
                 else_branch = no () => (e) { e = Abs (a) } >
    z = Neg (y)
  })";
  EXPECT_EQ(Chained(kIf, "#0|/1:then_branch#0"), "#0 \n#1 #2 \n");
  EXPECT_EQ(Chained(kIf, "/1:then_branch#0|/1:else_branch#0"), "#1 is of piece 0 and of piece 1");
  // A body reads what its node reads.
  EXPECT_EQ(Chained(kIf, "/1:then_branch#0|#0"), "#1 of piece 0 reads what #0 of piece 1 makes");
}

TEST(Chain, NodesMustBeSorted) {
  EXPECT_EQ(Chained("main (x) => (y) { y = Relu (a) a = Neg (x) }", "#0|#1"),
            "#0 reads what #1 makes: the nodes of the model are not sorted");
}

}  // namespace
}  // namespace modelexport
