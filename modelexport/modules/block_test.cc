#include "modelexport/modules/block.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/graph/find_nodes.h"
#include "modelexport/modules/body_form.h"
#include "modelexport/modules/node_operators.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

// What the block of the nodes at the first places differs in from that of the others; "" if their
// forms are equal.
std::string Difference(absl::string_view model, absl::string_view a, absl::string_view b) {
  const testing::TestOwned owned(model, "\"\" my.Net");
  const GraphView& graph = owned.graph();
  const NodeReads reads(graph);
  const BodyForms bodies(graph);
  const std::vector<uint32_t> operators = *NumberOperators(graph, bodies);
  const SmallConstants constants = *SmallConstants::Read(owned.owned());
  const auto block = [&](absl::string_view places) {
    std::vector<NodeId> nodes;
    for (absl::string_view place : absl::StrSplit(places, ' ')) {
      for (NodeId node : FindNodes(graph, place)) nodes.push_back(node);
    }
    return MakeBlock(graph, reads, operators, constants, nodes);
  };
  return FirstDifference(graph, block(a), block(b));
}

TEST(Block, NamesAndWeightsDoNotCount) {
  EXPECT_EQ(Difference(R"(main (x) => (y) <float[2] w = {1, 2}, float[2] v = {3, 4}> {
    a = Mul (x, w)
    b = Relu (a)
    c = Mul (b, v)
    y = Relu (c)
  })",
                       "#0 #1", "#2 #3"),
            "");
}

TEST(Block, OperatorsAndAttributesCount) {
  constexpr char kModel[] = R"(main (x) => (y) {
    a = Elu <alpha = 1.0> (x)
    b = Relu (a)
    c = Elu <alpha = 2.0> (b)
    d = Relu (c)
    e = Elu <alpha = 1.0> (d)
    y = Neg (e)
  })";
  EXPECT_EQ(Difference(kModel, "#0 #1", "#2 #3"), "#0 (Elu) is not as #2 (Elu)");
  EXPECT_EQ(Difference(kModel, "#0 #1", "#4 #5"), "#1 (Relu) is not as #5 (Neg)");
  EXPECT_NE(Difference(kModel, "#0 #1", "#4"), "");
}

// One value that is read twice is not two.
TEST(Block, WhichReadsAreOfOneValueCounts) {
  constexpr char kModel[] = R"(main (x, z) => (y) {
    a = Add (x, x)
    b = Add (x, z)
    c = Add (b, b)
    y = Add (a, c)
  })";
  EXPECT_EQ(Difference(kModel, "#0", "#2"), "");
  EXPECT_NE(Difference(kModel, "#0", "#1"), "");
}

}  // namespace
}  // namespace modelexport
