#include "modelexport/modules/instance_nodes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

// A line for each instance: its name and its nodes.
std::string NodesOf(const char* model) {
  const TestOwned owned(model, R"(
  ""     my.Net    1
  l      torch.nn.ModuleList 0
  l.0    my.Block  1
  l.0.a  my.Attn   1
  l.1    my.Block  1
  call ""
    call l.0
      call l.0.a
    call l.1)");
  const std::vector<ModuleInstance> instances = FindModuleInstances(owned.owned());
  const auto nodes =
      NodesOfInstances(owned.owned(), *SmallConstants::Read(owned.owned()), instances);
  std::string text;
  for (size_t i = 0; i < nodes.size(); ++i) {
    absl::StrAppend(&text, NameOf(owned.hierarchy(), instances[i]), ": ", owned.Places(nodes[i]),
                    "\n");
  }
  return text;
}

TEST(InstanceNodes, ThoseOfAllBelow) {
  EXPECT_EQ(NodesOf(R"(main (x) => (y) <float[2] w = {1, 2}> {
    [l.0.a] a = Mul (x, w)
    [l.0] b = Mul (a, w)
    [l.1] c = Mul (b, w)
    [root] y = Abs (c)
  })"),
            R"(.: #0 #1 #2 #3
l: #0 #1 #2
l.0: #0 #1
l.0.a: #0
l.1: #2
)");
}

// What the first block computes for all is no part of it.
TEST(InstanceNodes, HelpersCountForTheInstanceAround) {
  EXPECT_EQ(NodesOf(R"(main (x) => (y) <float[2] w = {1, 2}> {
    [l.0] h = Neg (x)
    [l.0] p = Mul (x, w)
    [l.0] q = Add (p, h)
    [l.1] r = Mul (q, w)
    [l.1] y = Add (r, h)
  })"),
            R"(.: #0 #1 #2 #3 #4
l: #0 #1 #2 #3 #4
l.0: #1 #2
l.0.a: 
l.1: #3 #4
)");
}

// Where it is half of the block or more, it is what the block does.
TEST(InstanceNodes, WhatIsMostOfABlockIsNoHelper) {
  EXPECT_EQ(NodesOf(R"(main (x) => (y) <float[2] w = {1, 2}> {
    [l.0] h = Neg (x)
    [l.0] p = Mul (h, w)
    [l.1] y = Add (p, h)
  })"),
            R"(.: #0 #1 #2
l: #0 #1 #2
l.0: #0 #1
l.0.a: 
l.1: #2
)");
}

TEST(InstanceNodes, ConstantNodesAreTheirReaders) {
  EXPECT_EQ(NodesOf(R"(main (x) => (y) <float[2] w = {1, 2}> {
    [l.0] c = Constant <value_float = 2.0> ()
    [l.0] p = Mul (x, w)
    [l.0] q = Mul (p, c)
    [l.1] y = Mul (q, w)
  })"),
            R"(.: #1 #2 #3
l: #1 #2 #3
l.0: #1 #2
l.0.a: 
l.1: #3
)");
}

}  // namespace
}  // namespace modelexport
