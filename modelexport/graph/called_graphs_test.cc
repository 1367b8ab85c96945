#include "modelexport/graph/called_graphs.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// A line for each graph but the main one: how many chains of calls lead to it, 2 for more than one,
// and its place.
std::string Calls(absl::string_view text) {
  const testing::TextGraph graph(text);
  const std::vector<int> chains = CountCallChains(graph.view());
  EXPECT_EQ(chains[0], 1);
  std::string lines;
  for (size_t i = 1; i < chains.size(); ++i) {
    absl::StrAppend(&lines, chains[i], " ", graph.view().Place(GraphId(i)), "\n");
  }
  return lines;
}

TEST(CountCallChains, ThroughBodiesAndFunctionsAndNotFromFunctionsThatNothingCalls) {
  EXPECT_EQ(Calls(R"(
    main (x) => (y) {
      y = If (x) <then_branch = t () => (a) { a = f.Used (x) }, else_branch = e () => (b) {}>
    }
    <domain: "f"> Used (x) => (y) { y = Loop (x) <body = l () => (c) { c = f.Inner (x) }> }
    <domain: "f"> Inner (x) => (y) { y = f.Used (x) }
    <domain: "f"> Left (x) => (y) { y = Loop (x) <body = l () => (c) { c = f.Behind (x) }> }
    <domain: "f"> Behind (x) => (y) { y = f.Left (x) }
  )"),
            R"(2 function:f:Used:
2 function:f:Inner:
0 function:f:Left:
0 function:f:Behind:
1 /0:then_branch
1 /0:else_branch
2 function:f:Used:/0:body
0 function:f:Left:/0:body
)");
  EXPECT_EQ(Calls(R"(
    main (x) => (z) { y = f.Once (x)  z = f.Twice (y)  w = f.Twice (z) }
    <domain: "f"> Once (x) => (y) { y = Identity (x) }
    <domain: "f"> Twice (x) => (y) { y = Identity (x) }
  )"),
            R"(1 function:f:Once:
2 function:f:Twice:
)");
}

}  // namespace
}  // namespace modelexport
