#include "modelexport/evidence/trace/inlined_operators.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// The modules of the nodes of `model`, of which `known` has those that are known ("" if not), once
// operators are anchored; "<" before those that a node is of or below.
std::string Anchored(absl::string_view model, const std::vector<std::string>& known) {
  const Hierarchy hierarchy = testing::HierarchyOf(R"("" my.Net
      a my.Act
      b my.Act)");
  const TextGraph graph(model);
  std::vector<Anchor> anchors(known.size());
  for (size_t i = 0; i < known.size(); ++i) {
    if (!known[i].empty()) anchors[i].module = hierarchy.FindModule(known[i]);
  }
  AnchorInlinedOperators(graph.view(), &anchors);
  std::string text;
  for (size_t i = 0; i < anchors.size(); ++i) {
    absl::StrAppend(&text, graph.view().Place(NodeId(i)), " ", graph.view().op_type(NodeId(i)));
    if (anchors[i].module.valid()) {
      absl::StrAppend(&text, " ", anchors[i].exact ? "" : "<",
                      hierarchy.module(anchors[i].module).path);
    }
    text += "\n";
  }
  return text;
}

constexpr absl::string_view kTwoCalls = R"(
  main (x) => (z) {
    _inlfunc_HardSwish_HS_X = HardSigmoid (x)
    y = Mul (x, _inlfunc_HardSwish_HS_X)
    _inlfunc_HardSwish_token_0_HS_X = HardSigmoid (y)
    z = Mul (y, _inlfunc_HardSwish_token_0_HS_X)
  })";

TEST(InlinedOperators, AreOfTheModuleOfOneOfTheirNodes) {
  EXPECT_EQ(Anchored(kTwoCalls, {"", "a", "b", ""}), R"(#0 HardSigmoid <a
#1 Mul a
#2 HardSigmoid b
#3 Mul <b
)");
}

TEST(InlinedOperators, SayNothingWhereNothingIsKnown) {
  EXPECT_EQ(Anchored(kTwoCalls, {"", "", "", "b"}), R"(#0 HardSigmoid
#1 Mul
#2 HardSigmoid <b
#3 Mul b
)");
}

TEST(InlinedOperators, SayNothingWhereTheirNodesDisagree) {
  EXPECT_EQ(Anchored(R"(
    main (x) => (z) {
      _inlfunc_Gelu_A = Erf (x)
      _inlfunc_Gelu_B = Neg (_inlfunc_Gelu_A)
      z = Mul (x, _inlfunc_Gelu_B)
    })",
                     {"a", "", "b"}),
            R"(#0 Erf a
#1 Neg
#2 Mul b
)");
}

// A function whose nodes have names is one of the model, here of a module of class Conv.
TEST(InlinedOperators, AreNotFunctionsOfTheModel) {
  EXPECT_EQ(Anchored(R"(
    main (x) => (z) {
      [_inlfunc_Conv_Neg_0] _inlfunc_Conv_v = Neg (x)
      [_inlfunc_Conv_Relu_1] z = Relu (_inlfunc_Conv_v)
    })",
                     {"", "a"}),
            R"(#0 Neg
#1 Relu a
)");
}

TEST(InlinedOperators, AreOperatorsOfOnnx) {
  EXPECT_EQ(Anchored(R"(
    main (x) => (z) {
      _inlfunc_Layer_v = Neg (x)
      _inlfunc_HardSwishes_v = Neg (_inlfunc_Layer_v)
      z = Relu (_inlfunc_HardSwishes_v)
    })",
                     {"", "", "a"}),
            R"(#0 Neg
#1 Neg
#2 Relu a
)");
}

}  // namespace
}  // namespace modelexport
