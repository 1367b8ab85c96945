#include "modelexport/evidence/names/op_flow.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/names/op_names.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// Three layers, each x + relu(linear(x)).
constexpr absl::string_view kRun = R"(
  ""  my.Net
  call ""
    op linear = aten.linear.default
    op relu = aten.relu.default linear
    op add = aten.add.Tensor relu
    op linear_1 = aten.linear.default add
    op relu_1 = aten.relu.default linear_1
    op add_1 = aten.add.Tensor add relu_1
    op linear_2 = aten.linear.default add_1
    op relu_2 = aten.relu.default linear_2
    op add_2 = aten.add.Tensor add_1 relu_2
    op add_3 = aten.add.Tensor add_2
)";

// A line for each node whose operator has another name in the run, and what is reported.
std::string Tested(absl::string_view source, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(absl::StrCat(kRun, "ops_source ", source));
  const TextGraph graph(model);
  const MatchContext context(graph.view(), hierarchy);
  NamedOps named;
  std::vector<absl::string_view> names;
  for (size_t n = 0; n < graph.view().num_nodes(); ++n) {
    names.push_back(graph.view().name(graph.view().outputs(NodeId(n))[0]));
    named.push_back(OpNamesOf(context).Find(names.back()));
  }
  const std::string note = TestNames(context, &named);
  std::string text;
  for (size_t n = 0; n < named.size(); ++n) {
    const absl::string_view found =
        named[n].valid() ? hierarchy.op(named[n]).node_name : absl::string_view("?");
    if (found != names[n]) absl::StrAppend(&text, names[n], " is ", found, "\n");
  }
  return absl::StrCat(text, note);
}

constexpr absl::string_view kSame = R"(main (x) => (y) {
  linear = Gemm (x) relu = Relu (linear) add = Add (x, relu)
  linear_1 = Gemm (add) relu_1 = Relu (linear_1) add_1 = Add (add, relu_1)
  linear_2 = Gemm (add_1) relu_2 = Relu (linear_2) add_2 = Add (add_1, relu_2)
})";

TEST(TestNames, ThoseOfTheRunItselfStay) {
  EXPECT_EQ(Tested("exported_program", kSame), "");
  EXPECT_EQ(Tested("torch_export", kSame), "");
}

// The other run had one addition more, before these.
TEST(TestNames, AKindThatIsNumberedOtherwiseIsToldByWhatItReads) {
  EXPECT_EQ(Tested("exported_program", R"(main (x) => (y) {
              linear = Gemm (x) relu = Relu (linear) add_1 = Add (x, relu)
              linear_1 = Gemm (add_1) relu_1 = Relu (linear_1) add_2 = Add (add_1, relu_1)
              linear_2 = Gemm (add_2) relu_2 = Relu (linear_2) add_3 = Add (add_2, relu_2)
            })"),
            "add_1 is add\n"
            "add_2 is add_1\n"
            "add_3 is add_2\n"
            "3 of 8 named operators read others than in the run: names like add are another run's, "
            "and what they read tells 3 of their 3 nodes");
}

TEST(TestNames, WhatReadsSomethingElseIsNotTold) {
  EXPECT_EQ(Tested("exported_program", R"(main (x) => (y) {
              linear = Gemm (x) relu = Relu (linear) add_1 = Add (x, relu)
              linear_1 = Gemm (add_1) relu_1 = Relu (linear_1) add_2 = Add (relu, relu_1)
              linear_2 = Gemm (add_2) relu_2 = Relu (linear_2) add_3 = Add (add_2, relu_2)
            })"),
            "add_1 is add\n"
            "add_2 is ?\n"
            "add_3 is ?\n"
            "3 of 8 named operators read others than in the run: names like add are another run's, "
            "and what they read tells 1 of their 3 nodes");
}

TEST(TestNames, ASingleDifferenceIsATools) {
  EXPECT_EQ(Tested("exported_program", R"(main (x) => (y) {
              linear = Gemm (x) relu = Relu (linear) add = Add (x, relu)
              linear_1 = Gemm (add) relu_1 = Relu (linear_1) add_1 = Add (relu, relu_1)
            })"),
            "");
}

TEST(TestNames, OfAnotherRunASingleNameIsChance) {
  const absl::string_view model = "main (x) => (y) { add = Add (x, x) relu_1 = Relu (add) }";
  EXPECT_EQ(Tested("exported_program", model), "");
  EXPECT_EQ(Tested("torch_export", model), "add is ?\nrelu_1 is ?\n");
}

}  // namespace
}  // namespace modelexport
