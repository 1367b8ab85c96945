#include "modelexport/modules/module_nodes.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

std::string NodesOfAll(const TestOwned& model) {
  const ModuleNodes nodes(model.owned());
  std::string text;
  for (size_t m = 0; m < model.hierarchy().modules().size(); ++m) {
    absl::StrAppend(&text, "\"", model.PathOf(ModuleId(m)), "\": own ",
                    model.Places(nodes.own(ModuleId(m))), ", subtree ",
                    model.Places(nodes.subtree(ModuleId(m))), "\n");
  }
  return absl::StrCat(text, "none: ", model.Places(nodes.unattributed()), "\n");
}

TEST(ModuleNodes, OwnAndOfTheSubtree) {
  // Siblings are registered after each other's children; "b" is first in the file.
  const TestOwned model(R"(
    main (x) => (y) {
      [b] p = Relu (x)
      [a.q] q = Relu (p)
      r = Relu (q)
      [a] s = If (r) < then_branch = yes () => (t) { [a.k] t = Neg (q) } >
      [root] y = Relu (s)
    })",
                        R"(
    ""    my.Net
    a     my.A
    b     my.B
    a.q   my.Q
    a.k   my.Q
    c     my.C)");
  EXPECT_EQ(NodesOfAll(model), R"("": own #4, subtree #4 #3 #1 /3:then_branch#0 #0
"a": own #3, subtree #3 #1 /3:then_branch#0
"b": own #0, subtree #0
"a.q": own #1, subtree #1
"a.k": own /3:then_branch#0, subtree /3:then_branch#0
"c": own , subtree 
none: #2
)");
}

std::string ByCall(const TestOwned& model, const std::string& path) {
  std::string text;
  const ModuleId module = model.hierarchy().FindModule(path);
  for (const NodesOfCall& row : NodesByCall(model.owned(), ModuleNodes(model.owned()), module)) {
    const std::string call =
        row.call.valid() ? absl::StrCat(model.hierarchy().call(row.call).ordinal) : "?";
    absl::StrAppend(&text, call, ": ", model.Places(row.nodes), "\n");
  }
  return text;
}

TEST(ModuleNodes, ByCall) {
  const TestOwned model(R"(
    main (x) => (y) {
      ["a.q::0"] p = Relu (x)
      ["a.q::1"] q = Relu (p)
      ["a::0"] r = Neg (q)
      ["a.q::2"] s = Relu (r)
      ["a.q"] t = Neg (s)
      ["b"] y = Neg (t)
    })",
                        R"(
    ""    my.Net
    a     my.A
    a.q   my.Q
    b     my.B
    call ""
      call a
        call a.q
        call a.q
      call a
        call a.q
      call b)");
  // Calls of "a.q" within the first and the second call of "a".
  EXPECT_EQ(ByCall(model, "a"), "0: #0 #1 #2\n1: #3\n?: #4\n");
  EXPECT_EQ(ByCall(model, "a.q"), "0: #0\n1: #1\n2: #3\n?: #4\n");
  EXPECT_EQ(ByCall(model, "b"), "0: #5\n");
}

TEST(ModuleNodes, ByCallWhereNoCallsAreKnown) {
  const TestOwned model("main (x) => (y) { [a] y = Relu (x) }", R"("" my.Net
                        a my.A)");
  EXPECT_EQ(ByCall(model, "a"), "?: #0\n");
}

}  // namespace
}  // namespace modelexport
