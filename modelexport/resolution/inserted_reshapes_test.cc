#include "modelexport/resolution/inserted_reshapes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A node named "module by evidence" has that owner, "." is the root; others have none. Returns a
// line for each Reshape.
std::string Reshapes(absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""  my.Model
    a   my.A
    b   my.B
  )");
  const TextGraph graph(model);
  std::vector<Owner> owners(graph.view().num_nodes());
  for (size_t n = 0; n < owners.size(); ++n) {
    const absl::string_view name = graph.view().name(NodeId(n));
    const absl::string_view module = name.substr(0, 1);
    owners[n].module = Hierarchy::root();
    if (name.empty()) continue;
    if (module != ".") owners[n].module = hierarchy.FindModule(module);
    owners[n].evidence = *EvidenceKindOf(name.substr(5));
  }
  OwnInsertedReshapes({graph.view(), hierarchy}, &owners);
  std::string text;
  for (size_t n = 0; n < owners.size(); ++n) {
    if (graph.view().op_type(NodeId(n)) != "Reshape") continue;
    const absl::string_view path = hierarchy.module(owners[n].module).path;
    absl::StrAppend(&text, graph.view().Place(NodeId(n)), " ", path.empty() ? "." : path, " by ",
                    NameOf(owners[n].evidence), "\n");
  }
  return text;
}

TEST(InsertedReshapes, TakeTheOwnerOfTheGemm) {
  EXPECT_EQ(Reshapes(R"(main (x) => (p, q, r) <int64[2] s = {-1, 4}> {
      ["a by node_name"] y = Mul (x)
      k = Reshape (y, s)
      ["b by value_name"] p = Gemm (k)
      ["a by trace"] l = Reshape (y, s)
      ["b by node_name"] q = Gemm (l)
      ["b by node_name"] r = Gemm (l)
    })"),
            R"(#1 b by inherited
#3 b by inherited
)");
}

TEST(InsertedReshapes, AreNotKnownWhereOtherNodesHaveNoNamesEither) {
  EXPECT_EQ(Reshapes(R"(main (x) => (p) <int64[2] s = {-1, 4}> {
      ["a by node_name"] y = Mul (x)
      k = Reshape (y, s)
      ["b by fx_name"] p = Gemm (k)
    })"),
            "#1 . by none\n");
}

TEST(InsertedReshapes, AreNotWhatTheExporterNamed) {
  EXPECT_EQ(Reshapes(R"(main (x) => (p) <int64[2] s = {-1, 4}> {
      ["a by node_name"] k = Reshape (x, s)
      ["b by node_name"] p = Gemm (k)
    })"),
            "#0 a by node_name\n");
}

// A Gemm of another module, a MatMul, a Gemm without evidence, who runs the model, nobody.
TEST(InsertedReshapes, ServeNothingElse) {
  EXPECT_EQ(Reshapes(R"(main (x) => (p1, p2, q, r1, r2, t, v) <int64[2] s = {-1, 4}> {
      k = Reshape (x, s)
      ["a by node_name"] p1 = Gemm (k)
      ["b by node_name"] p2 = Gemm (k)
      l = Reshape (x, s)
      ["b by node_name"] q = MatMul (l, l)
      m = Reshape (x, s)
      ["b by node_name"] r1 = Gemm (m)
      r2 = Gemm (m)
      v = Reshape (x, s)
      ["b by node_name"] t = Gemm (v)
      w = Reshape (x, s)
    })"),
            R"(#0 . by none
#3 . by none
#5 . by none
#8 . by none
#10 . by none
)");
}

TEST(InsertedReshapes, TheRootIsNeverGiven) {
  EXPECT_EQ(Reshapes(R"(main (x) => (p) <int64[2] s = {-1, 4}> {
      k = Reshape (x, s)
      [". by node_name"] p = Gemm (k)
    })"),
            "#0 . by none\n");
}

}  // namespace
}  // namespace modelexport
