#include "modelexport/profiles/inlined_nodes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/ownership/owners_from_tags.h"
#include "modelexport/tags/node_tags.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// Of each name, the node and its module. M: modelexport.module, S: modelexport.submodule.
std::string Found(absl::string_view model, const std::vector<absl::string_view>& names) {
  const TextGraph graph(absl::StrReplaceAll(model, {{"M:", "\"modelexport.module\":"},
                                                    {"S:", "\"modelexport.submodule\":"},
                                                    {"E", "\"modelexport.evidence\": \"trace\""}}),
                        NodeTagKeys());
  const Hierarchy hierarchy = testing::HierarchyOf(R"("" my.Net
      a my.A
      head my.Fc
      l my.Layers
      l.0 my.Layer
      l.0.fc my.Fc
      l.0.k my.Fc
      l.0.q my.Fc
      l.1 my.Layer
      l.1.fc my.Fc
      l.1.k my.Fc
      l.1.q my.Fc)");
  const TaggedOwners tags = OwnersFromTags(graph.view(), hierarchy);
  const OwnedGraph owned = {graph.view(), hierarchy, tags.owners};
  const InlinedNodes nodes(owned, names);
  std::string text;
  for (absl::string_view name : names) {
    const InlinedNode found = nodes.Find(name);
    absl::StrAppend(&text, name, ": ", found.node.valid() ? graph.view().Place(found.node) : "none",
                    " ", found.module.valid() ? hierarchy.module(found.module).path : "-", "\n");
  }
  return text;
}

constexpr char kTwoLayers[] = R"(main (x) => (y) {
      a = f.Layer (x) {M: "l.0", E}
      b = Relu (a) {M: "", E}
      y = f.Layer (b) {M: "l.1", E}
    }
    <domain: "f"> Layer (x) => (y) {
      [MatMul_0] m = MatMul (x, x) {S: "fc", E}
      [Add_2] y = Add (m, x) {S: "", E}
    })";

TEST(InlinedNodes, CallsInTheOrderOfTheGraph) {
  EXPECT_EQ(Found(kTwoLayers, {"_inlfunc_Layer_token_0_MatMul_0", "_inlfunc_Layer_MatMul_0",
                               "_inlfunc_Layer_Add_2", "_inlfunc_Layer_token_0_Add_2", "Relu_1"}),
            R"(_inlfunc_Layer_token_0_MatMul_0: function:f:Layer:#0 l.1.fc
_inlfunc_Layer_MatMul_0: function:f:Layer:#0 l.0.fc
_inlfunc_Layer_Add_2: function:f:Layer:#1 l.0
_inlfunc_Layer_token_0_Add_2: function:f:Layer:#1 l.1
Relu_1: none -
)");
}

TEST(InlinedNodes, NamesOfNoNodeAreNotFound) {
  EXPECT_EQ(Found(kTwoLayers, {"_inlfunc_Layer_MatMul_0", "_inlfunc_Layer_token_x_MatMul_0",
                               "_inlfunc_Layer_Mul", "_inlfunc_Layer", "_inlfunc_Other_MatMul_0",
                               "_inlfunc_", "_inlfunc_Layer_token_0_"}),
            R"(_inlfunc_Layer_MatMul_0: function:f:Layer:#0 l.0.fc
_inlfunc_Layer_token_x_MatMul_0: none -
_inlfunc_Layer_Mul: none -
_inlfunc_Layer: none -
_inlfunc_Other_MatMul_0: none -
_inlfunc_: none -
_inlfunc_Layer_token_0_: none -
)");
}

// ONNX Runtime put something else in place between the two calls.
TEST(InlinedNodes, OtherTokensAreUnderstoodIfThereAreAsManyAsCalls) {
  EXPECT_EQ(Found(kTwoLayers, {"_inlfunc_Layer_token_7_MatMul_0", "_inlfunc_Layer_MatMul_0"}),
            R"(_inlfunc_Layer_token_7_MatMul_0: function:f:Layer:#0 l.1.fc
_inlfunc_Layer_MatMul_0: function:f:Layer:#0 l.0.fc
)");
  EXPECT_EQ(Found(kTwoLayers, {"_inlfunc_Layer_token_7_MatMul_0"}),
            "_inlfunc_Layer_token_7_MatMul_0: none -\n");
  EXPECT_EQ(Found(kTwoLayers, {"_inlfunc_Layer_token_7_MatMul_0", "_inlfunc_Layer_MatMul_0",
                               "_inlfunc_Layer_token_8_MatMul_0"}),
            R"(_inlfunc_Layer_token_7_MatMul_0: none -
_inlfunc_Layer_MatMul_0: none -
_inlfunc_Layer_token_8_MatMul_0: none -
)");
}

constexpr char kNested[] = R"(main (x) => (y) {
      a = f.Layer (x) {M: "l.0", E}
      b = f.Fc (a) {M: "head", E}
      y = f.Layer (b) {M: "l.1", E}
    }
    <domain: "f"> Layer (x) => (y) {
      [q] p = f.Fc (x) {S: "q", E}
      [k] y = f.Fc (p) {S: "k", E}
    }
    <domain: "f"> Fc (x) => (y) { [m] y = MatMul (x, x) {S: "", E} })";

TEST(InlinedNodes, CallsInFunctionsFollowThoseOfTheGraph) {
  EXPECT_EQ(Found(kNested, {"_inlfunc_Fc_m", "_inlfunc_Fc_token_1_m", "_inlfunc_Fc_token_2_m",
                            "_inlfunc_Fc_token_3_m", "_inlfunc_Fc_token_4_m"}),
            R"(_inlfunc_Fc_m: function:f:Fc:#0 head
_inlfunc_Fc_token_1_m: function:f:Fc:#0 l.0.q
_inlfunc_Fc_token_2_m: function:f:Fc:#0 l.0.k
_inlfunc_Fc_token_3_m: function:f:Fc:#0 l.1.q
_inlfunc_Fc_token_4_m: function:f:Fc:#0 l.1.k
)");
  // Their order is not known by itself.
  EXPECT_EQ(Found(kNested, {"_inlfunc_Fc_m", "_inlfunc_Fc_token_1_m", "_inlfunc_Fc_token_2_m",
                            "_inlfunc_Fc_token_3_m", "_inlfunc_Fc_token_5_m"}),
            R"(_inlfunc_Fc_m: none -
_inlfunc_Fc_token_1_m: none -
_inlfunc_Fc_token_2_m: none -
_inlfunc_Fc_token_3_m: none -
_inlfunc_Fc_token_5_m: none -
)");
}

TEST(InlinedNodes, CallsInBodiesAreNotKnown) {
  EXPECT_EQ(Found(R"(main (c, x) => (y) {
      a = f.Layer (x) {M: "l.0", E}
      b = If (c) <then_branch = t () => (u) { u = f.Layer (a) {M: "l.1", E} },
                  else_branch = e () => (w) { w = Neg (a) {M: "", E} }> {M: "", E}
      y = f.Head (b) {M: "head", E}
    }
    <domain: "f"> Layer (x) => (y) { [n] y = Neg (x) {S: "", E} }
    <domain: "f"> Head (x) => (y) { [n] y = Neg (x) {S: "", E} })",
                  {"_inlfunc_Layer_n", "_inlfunc_Head_n"}),
            R"(_inlfunc_Layer_n: none -
_inlfunc_Head_n: function:f:Head:#0 head
)");
}

TEST(InlinedNodes, FunctionsThatCallEachOtherToNoEndAreLeftAlone) {
  std::string model = "main (x) => (y) { y = f.F0 (x) {M: \"a\", E} }\n";
  for (int i = 0; i < 40; ++i) {
    const std::string next = i < 39 ? absl::StrCat("f.F", i + 1) : "Neg";
    absl::StrAppend(&model, "<domain: \"f\"> F", i, " (x) => (y) { [p] p = ", next,
                    " (x) {S: \"\", E} [q] y = ", next, " (p) {S: \"\", E} }\n");
  }
  EXPECT_EQ(Found(model, {"_inlfunc_F39_p"}), "_inlfunc_F39_p: none -\n");
}

}  // namespace
}  // namespace modelexport
