#include "modelexport/modules/module_instances.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

// One line for each instance: its name, its nodes, and how many may be of it.
std::string InstancesOf(const char* model, const char* hierarchy) {
  const TestOwned owned(model, hierarchy);
  std::string text;
  for (const ModuleInstance& instance : FindModuleInstances(owned.owned())) {
    absl::StrAppend(&text, std::string(2 * instance.depth, ' '),
                    NameOf(owned.hierarchy(), instance), ": ", owned.Places(instance.nodes));
    if (instance.unknown > 0) absl::StrAppend(&text, " and of ", instance.unknown);
    text += "\n";
  }
  return text;
}

// A shared module's nodes are where it was called; a ModuleList is there for what is in it.
TEST(ModuleInstances, AreCalls) {
  EXPECT_EQ(InstancesOf(R"(main (x) => (y) {
      [list.0] a = Relu (x) [shared::0] b = Neg (a) [list.1] c = Relu (b) [shared::1] d = Neg (c)
      e = Abs (d) [root] y = Neg (e) })",
                        R"(
    ""      my.Net   1
    list    torch.nn.ModuleList 0
    list.0  my.Block 1
    list.1  my.Block 1
    shared  my.S     2
    call ""
      call list.0
        call shared
      call list.1
        call shared)"),
            R"(.: #4 #5
  list: 
    list.0: #0
      shared, call 0: #1
    list.1: #2
      shared, call 1: #3
)");
}

TEST(ModuleInstances, ANodeOfNoKnownCallIsAroundAllOfThem) {
  constexpr char kHierarchy[] = R"(
    ""    my.Net   1
    a     my.A     1
    a.p   my.P     2
    b     my.B     1
    call ""
      call a
        call a.p
        call a.p
      call b)";
  EXPECT_EQ(InstancesOf("main (x) => (y) { [a.p] h = Relu (x) [b] y = Neg (h) }", kHierarchy),
            R"(.: 
  a: #0
    a.p, call 0:  and of 1
    a.p, call 1:  and of 1
  b: #1
)");
}

TEST(ModuleInstances, WithoutCallsTheyArePaths) {
  EXPECT_EQ(
      InstancesOf("main (x) => (y) { [a.p] h = Relu (x) [a] i = Neg (h) [b] y = Abs (i) }", R"(
    ""    my.Net
    a     my.A   1
    a.p   my.P
    b     my.B   2)"),
      R"(.: 
  a: #1
    a.p: #0
  b: #2 and of 1
)");
}

}  // namespace
}  // namespace modelexport
