#include "modelexport/edits/name_list.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

TEST(NameList, NodesWithoutNamesGetTheirPlace) {
  const TextGraph graph(R"(
    main (x, c) => (y) {
      p = Neg (x)
      [named] q = Neg (p)
      ["#3"] r = If (c) < then_branch = yes () => (t) { t = Neg (q) } >
      s = Neg (r)
      y = Neg (s)
    })");
  // The last one is not asked for.
  const std::vector<NodeId> nodes = {NodeId(0), NodeId(1), NodeId(3), NodeId(5)};
  const NameList list(graph.view(), nodes);
  std::string names;
  for (size_t n = 0; n < graph.view().num_nodes(); ++n) {
    absl::StrAppend(&names, graph.view().Place(NodeId(n)), ": ", list.NameOf(NodeId(n)), "\n");
  }
  EXPECT_EQ(names, R"(#0: #0
#1: named
#2: #3
#3: #3_
#4: 
/2:then_branch#0: /2:then_branch#0
)");
  EXPECT_EQ(list.edits().size(), 3);
}

}  // namespace
}  // namespace modelexport
