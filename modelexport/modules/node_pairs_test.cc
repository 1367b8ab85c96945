#include "modelexport/modules/node_pairs.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// As "#0=#1 #2=#0"; the nodes of A that have a counterpart.
std::string Pairs(absl::string_view text_a, absl::string_view text_b) {
  const TextGraph a(text_a), b(text_b);
  const NodePairs pairs = PairByNames(a.view(), b.view());
  std::string text;
  for (size_t n = 0; n < pairs.b_of_a.size(); ++n) {
    const NodeId of_b = pairs.b_of_a[n];
    if (!of_b.valid()) continue;
    EXPECT_EQ(pairs.a_of_b[of_b.index()], NodeId(n));
    absl::StrAppend(&text, text.empty() ? "" : " ", a.view().Place(NodeId(n)), "=",
                    b.view().Place(of_b));
  }
  return text;
}

TEST(NodePairs, ByTheValuesThatTheyMake) {
  EXPECT_EQ(Pairs("main (x) => (y) { h = Relu (x)  y = Neg (h) }",
                  "main (x) => (y) { y = Neg (x)  h = Relu (y) }"),
            "#0=#1 #1=#0");
  EXPECT_EQ(Pairs("main (x) => (y) { h = Relu (x)  y = Neg (h) }",
                  "main (x) => (z) { k = Relu (x)  z = Neg (k) }"),
            "");
}

TEST(NodePairs, ByTheirNameWhereNoValueTells) {
  EXPECT_EQ(Pairs("main (x) => (y) { [n] y = Relu (x) }", "main (x) => (z) { [n] z = Relu (x) }"),
            "#0=#0");
}

// A quantiser that renames what a node makes gives the old name to what it adds.
TEST(NodePairs, OfOneOperatorFirst) {
  EXPECT_EQ(Pairs("main (x) => (y) { [n] y = Relu (x) }",
                  "main (x) => (y) { [n] z = Relu (x)  y = Neg (z) }"),
            "#0=#0");
  EXPECT_EQ(Pairs("main (x) => (y) { [n] y = Relu (x) }",
                  "main (x) => (y) { [m] z = Relu (x)  y = Neg (z) }"),
            "#0=#1");
}

TEST(NodePairs, NamesThatOccurTwiceSayNothing) {
  EXPECT_EQ(Pairs("main (x) => (y) { [n] a = Relu (x)  [n] b = Relu (x) }",
                  "main (x) => (y) { [n] c = Relu (x) }"),
            "");
  constexpr char kInBody[] = R"(main (x, bool c) => (y) {
    y = If (c) <then_branch = t () => (h) { h = Relu (x) }, else_branch = e () => (h) { h = Neg (x) }>
  })";
  EXPECT_EQ(Pairs(kInBody, kInBody), "#0=#0");
}

TEST(NodePairs, OneNodeHasOneCounterpart) {
  EXPECT_EQ(Pairs("main (x) => (y) { a = Relu (x)  b = Neg (x) }",
                  "main (x) => (y) { a, b = Split (x) }"),
            "#0=#0");
}

TEST(NodePairs, DomainsBelongToOperators) {
  const TextGraph a(R"(<ir_version: 8, opset_import: ["": 17, "ai.onnx": 17, "my": 1]>
                       main (x) => (y) { a = Gelu (x)  b = my.Gelu (x)  c = ai.onnx.Gelu (x) })");
  EXPECT_FALSE(HaveSameOperator(a.view(), NodeId(0), a.view(), NodeId(1)));
  EXPECT_TRUE(HaveSameOperator(a.view(), NodeId(0), a.view(), NodeId(2)));
}

}  // namespace
}  // namespace modelexport
