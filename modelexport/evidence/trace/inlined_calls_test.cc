#include "modelexport/evidence/trace/inlined_calls.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// A chain of nodes, one for each line "<name>" or "<name> <module>", where the module is known
// ("." is the root) or, behind "reads", that of a tensor that the node reads. Gives the lines
// again, with the modules that nodes have now; "<" before those that they are of or below.
std::string Anchored(const std::vector<std::pair<std::string, std::string>>& nodes) {
  const Hierarchy hierarchy = testing::HierarchyOf(R"("" my.Net
      head my.Head
      l my.Layers
      l.0 my.Layer
      l.0.fc my.Fc
      l.0.q my.Fc
      l.1 my.Layer
      l.1.fc my.Fc
      l.1.q my.Fc)");
  std::string model = "main (v0) => (v1) {\n";
  for (size_t i = 0; i < nodes.size(); ++i) {
    absl::StrAppend(&model, "[", nodes[i].first, "] v", i + 1, " = Relu (v", i, ")\n");
  }
  const TextGraph graph(model + "}");
  std::vector<Anchor> anchors(nodes.size());
  std::vector<ModuleId> owners(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    absl::string_view path = nodes[i].second;
    if (path.empty()) continue;
    if (absl::ConsumePrefix(&path, "reads ")) {
      owners[i] = hierarchy.FindModule(path);
      continue;
    }
    anchors[i].module = path == "." ? Hierarchy::root() : hierarchy.FindModule(path);
  }
  AnchorInlinedCalls(
      graph.view(), hierarchy, ModuleRanges(hierarchy),
      [&owners](NodeId node) { return owners[node.index()]; }, &anchors);
  std::string text;
  for (size_t i = 0; i < nodes.size(); ++i) {
    absl::StrAppend(&text, nodes[i].first);
    if (anchors[i].module.valid()) {
      const absl::string_view path = hierarchy.module(anchors[i].module).path;
      absl::StrAppend(&text, " ", anchors[i].exact ? "" : "<", path.empty() ? "." : path);
    }
    text += "\n";
  }
  return text;
}

TEST(InlinedCalls, OfOnnxsInlinerHaveTheirNumbersBehind) {
  EXPECT_EQ(Anchored({{"Shape_0__1", ""},
                      {"MatMul_1__1", "l.0.fc"},
                      {"Shape_0__2", ""},
                      {"MatMul_1__2", "l.1.fc"},
                      {"Gemm_5", ""}}),
            R"(Shape_0__1 <l.0
MatMul_1__1 l.0.fc
Shape_0__2 <l.1
MatMul_1__2 l.1.fc
Gemm_5
)");
}

TEST(InlinedCalls, OfOnnxRuntimeHaveTheirTokensBefore) {
  EXPECT_EQ(Anchored({{"_inlfunc_My_Layer_MatMul_1", "l.0.fc"},
                      {"_inlfunc_My_Layer_token_4_Shape_0", ""},
                      {"_inlfunc_My_Layer_Shape_0", ""},
                      {"_inlfunc_Head_Neg", "head"},
                      {"_inlfunc_My_Layer_token_4_MatMul_1", "l.1.fc"}}),
            R"(_inlfunc_My_Layer_MatMul_1 l.0.fc
_inlfunc_My_Layer_token_4_Shape_0 <l.1
_inlfunc_My_Layer_Shape_0 <l.0
_inlfunc_Head_Neg head
_inlfunc_My_Layer_token_4_MatMul_1 l.1.fc
)");
}

// The inliner numbers a call before those within it, and writes their nodes between its own.
TEST(InlinedCalls, AreAroundTheCallsWithinThem) {
  EXPECT_EQ(Anchored({{"Shape_0__1", ""},
                      {"MatMul_0__2", "l.0.fc"},
                      {"Add_1__2", ""},
                      {"MatMul_0__3", "l.0.q"},
                      {"Add_1__3", ""},
                      {"Neg_1__1", ""},
                      {"Shape_0__4", ""},
                      {"MatMul_0__5", "l.1.fc"},
                      {"Add_1__5", ""},
                      {"MatMul_0__6", "l.1.q"},
                      {"Add_1__6", ""},
                      {"Neg_1__4", ""}}),
            R"(Shape_0__1 <l.0
MatMul_0__2 l.0.fc
Add_1__2 <l.0.fc
MatMul_0__3 l.0.q
Add_1__3 <l.0.q
Neg_1__1 <l.0
Shape_0__4 <l.1
MatMul_0__5 l.1.fc
Add_1__5 <l.1.fc
MatMul_0__6 l.1.q
Add_1__6 <l.1.q
Neg_1__4 <l.1
)");
}

// Where a module around the owner of a tensor reads it, it does so in each call.
TEST(InlinedCalls, AreWhereTheirTensorsAre) {
  EXPECT_EQ(Anchored({{"Shape_0__1", ""},
                      {"MatMul_1__1", "reads l.0.fc"},
                      {"Add_2__1", "l.0"},
                      {"Shape_0__2", ""},
                      {"MatMul_1__2", "reads l.1.fc"},
                      {"Add_2__2", ""}}),
            R"(Shape_0__1 <l.0
MatMul_1__1 <l.0
Add_2__1 l.0
Shape_0__2 <l.1
MatMul_1__2 <l.1
Add_2__2 <l.1
)");
}

// As no run of the inliner writes them.
TEST(InlinedCalls, ThatCrossAreOnlyOfTheirOwnNodes) {
  EXPECT_EQ(Anchored({{"a__1", "l.0.fc"},
                      {"a__2", "l.1.fc"},
                      {"b__1", ""},
                      {"b__2", ""},
                      {"a__7", "l.0.fc"},
                      {"b__7", ""}}),
            R"(a__1 l.0.fc
a__2 l.1.fc
b__1
b__2 <l.1
a__7 l.0.fc
b__7 <l.0
)");
}

// A number that other names end with too: nodes that are no neighbours are no call.
TEST(InlinedCalls, AreNeighboursWithTheSameNodes) {
  EXPECT_EQ(Anchored({{"a__1", "l.0.fc"},
                      {"between", ""},
                      {"b__1", ""},
                      {"a__2", "l.1.fc"},
                      {"b__2", ""},
                      {"a__3", "l.1.fc"},
                      {"c__3", ""}}),
            R"(a__1 l.0.fc
between
b__1
a__2 l.1.fc
b__2
a__3 l.1.fc
c__3
)");
}

TEST(InlinedCalls, OfOneModuleSayNothing) {
  EXPECT_EQ(Anchored({{"a__1", "l.0.fc"}, {"b__1", ""}, {"a__2", "l.0.fc"}, {"b__2", ""}}),
            "a__1 l.0.fc\nb__1\na__2 l.0.fc\nb__2\n");
}

TEST(InlinedCalls, OnWhichNodesDisagreeSayNothing) {
  EXPECT_EQ(Anchored({{"a__1", "l.0.fc"},
                      {"b__1", "l.1.q"},
                      {"c__1", ""},
                      {"a__2", "l.1.fc"},
                      {"b__2", "l.0.q"},
                      {"c__2", ""}}),
            R"(a__1 l.0.fc
b__1 l.1.q
c__1
a__2 l.1.fc
b__2 l.0.q
c__2
)");
}

TEST(InlinedCalls, KeepWhatIsKnown) {
  EXPECT_EQ(Anchored({{"a__1__2", "l.0.fc"},
                      {"b__1__2", "."},
                      {"c__1__2", ""},
                      {"a__1__3", "l.1.fc"},
                      {"b__1__3", ""},
                      {"c__1__3", ""}}),
            R"(a__1__2 l.0.fc
b__1__2 .
c__1__2 <l.0
a__1__3 l.1.fc
b__1__3 <l.1
c__1__3 <l.1
)");
}

}  // namespace
}  // namespace modelexport
