#include "modelexport/modules/call_nodes.h"

#include <string>

#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

// A shared module, b, within each call of a.
constexpr char kHierarchy[] = R"(
  ""  my.Net 1
  a   my.A   2
  b   my.B   2
  call ""
    call a
      call b
    call a
      call b)";

std::string NodesOf(const TestOwned& owned, const char* module, absl::optional<uint32_t> call) {
  const auto nodes = CallNodes(owned.owned(), owned.hierarchy().FindModule(module), call);
  if (nodes.ok()) return owned.Places(*nodes);
  EXPECT_EQ(FaultOf(nodes.status()), Fault::kJudged);
  return std::string(nodes.status().message());
}

std::string NodesOfAll(const TestOwned& owned, const char* module) {
  return owned.Places(NodesOfAllCalls(owned.owned(), owned.hierarchy().FindModule(module)));
}

TEST(CallNodes, AreOfWhoCalled) {
  const TestOwned owned(R"(main (x) => (y) {
    [a::0] p = Relu (x) [b::0] q = Neg (p) [a::1] r = Abs (q) [b::1] s = Neg (r)
    [root] y = Exp (s) })",
                        kHierarchy);
  EXPECT_EQ(NodesOf(owned, "a", 0), "#0 #1");
  EXPECT_EQ(NodesOf(owned, "a", 1), "#2 #3");
  EXPECT_EQ(NodesOf(owned, "b", 1), "#3");
  EXPECT_EQ(NodesOf(owned, "", absl::nullopt), "#0 #1 #2 #3 #4");
  EXPECT_EQ(NodesOf(owned, "a", absl::nullopt),
            "is called 2 times: --call=0 to --call=1 chooses one");
  EXPECT_EQ(NodesOf(owned, "a", 2), "there is no call 2: it has calls 0 to 1");
  EXPECT_EQ(NodesOfAll(owned, "a"), "#0 #1 #2 #3");
  EXPECT_EQ(NodesOfAll(owned, "b"), "#1 #3");
  EXPECT_EQ(NodesOfAll(owned, ""), "#0 #1 #2 #3 #4");
}

TEST(CallNodes, OfAnUnknownCall) {
  const TestOwned owned("main (x) => (y) { [a::0] p = Relu (x) [a] q = Abs (p) y = Exp (q) }",
                        kHierarchy);
  EXPECT_EQ(NodesOf(owned, "a", 0), "of 1 node it is not known in which of its 2 calls it ran");
  EXPECT_EQ(NodesOfAll(owned, "a"), "#0 #1");
}

TEST(CallNodes, WithoutCallsPathsCount) {
  const TestOwned owned("main (x) => (y) { [a] p = Relu (x) [a.b] q = Abs (p) [c] y = Exp (q) }",
                        "\"\" my.Net\n a my.A\n a.b my.B\n c my.C");
  EXPECT_EQ(NodesOf(owned, "a", absl::nullopt), "#0 #1");
  EXPECT_EQ(NodesOfAll(owned, "a"), "#0 #1");
  EXPECT_EQ(NodesOf(owned, "a", 0), "there is no call 0: its calls are not known, or it has none");
}

}  // namespace
}  // namespace modelexport
