#include "modelexport/graph/called_graphs.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// A line for each graph but the main one: its place, and "-" before those that nothing calls.
std::string Calls(absl::string_view text) {
  const testing::TextGraph graph(text);
  const std::vector<bool> called = CalledGraphs(graph.view());
  EXPECT_TRUE(called[0]);
  std::string lines;
  for (size_t i = 1; i < called.size(); ++i) {
    absl::StrAppend(&lines, called[i] ? "" : "- ", graph.view().Place(GraphId(i)), "\n");
  }
  return lines;
}

TEST(CalledGraphs, ThroughBodiesAndFunctionsAndNotFromFunctionsThatNothingCalls) {
  EXPECT_EQ(Calls(R"(
    main (x) => (y) {
      y = If (x) <then_branch = t () => (a) { a = f.Used (x) }, else_branch = e () => (b) {}>
    }
    <domain: "f"> Used (x) => (y) { y = Loop (x) <body = l () => (c) { c = f.Inner (x) }> }
    <domain: "f"> Inner (x) => (y) { y = f.Used (x) }
    <domain: "f"> Left (x) => (y) { y = Loop (x) <body = l () => (c) { c = f.Behind (x) }> }
    <domain: "f"> Behind (x) => (y) { y = f.Left (x) }
  )"),
            R"(function:f:Used:
function:f:Inner:
- function:f:Left:
- function:f:Behind:
/0:then_branch
/0:else_branch
function:f:Used:/0:body
- function:f:Left:/0:body
)");
}

}  // namespace
}  // namespace modelexport
