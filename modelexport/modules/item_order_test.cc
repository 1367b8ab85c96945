#include "modelexport/modules/item_order.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// The order for a model of which nodes that have a number for a name are of that set: "#1 {0} #3",
// or "cycle 0".
std::string OrderOf(absl::string_view model) {
  const testing::TextGraph graph(model);
  std::vector<NodeId> nodes;
  std::vector<uint32_t> set_of;
  for (size_t n = 0; n < graph.view().index().graphs()[0].num_nodes; ++n) {
    nodes.emplace_back(n);
    set_of.push_back(GraphItem::kNone);
    if (!graph.view().name(NodeId(n)).empty()) {
      EXPECT_TRUE(absl::SimpleAtoi(graph.view().name(NodeId(n)), &set_of.back()));
    }
  }
  const ItemOrder order = OrderItems(graph.view(), nodes, set_of);
  std::string text;
  for (const GraphItem& item : order.items) {
    absl::StrAppend(&text, text.empty() ? "" : " ",
                    item.set == GraphItem::kNone ? graph.view().Place(item.node)
                                                 : absl::StrCat("{", item.set, "}"));
  }
  for (uint32_t set : order.in_cycle) absl::StrAppend(&text, "cycle ", set, " ");
  return text;
}

TEST(ItemOrder, ASetIsWhereItsFirstNodeIs) {
  EXPECT_EQ(OrderOf(R"(main (x) => (y) {
    ["0"] a = Relu (x)
    b = Neg (x)
    ["0"] c = Abs (a)
    y = Add (b, c)
  })"),
            "{0} #1 #3");
}

TEST(ItemOrder, ASetComesAfterAllThatItReads) {
  EXPECT_EQ(OrderOf(R"(main (x) => (y) {
    ["0"] a = Relu (x)
    b = Neg (x)
    ["0"] c = Add (a, b)
    y = Abs (c)
  })"),
            "#1 {0} #3");
}

TEST(ItemOrder, BodiesReadForTheirNode) {
  EXPECT_EQ(OrderOf(R"(main (x, f) => (y) {
    ["0"] a = Relu (x)
    b = Neg (x)
    ["0"] c = If (f) < then_branch = yes () => (t) { t = Add (a, b) },
                       else_branch = no () => (e) { e = Abs (a) } >
    y = Abs (c)
  })"),
            "#1 {0} #3");
}

// Only sets that are in the way are named.
TEST(ItemOrder, SetsInACycle) {
  EXPECT_EQ(OrderOf(R"(main (x) => (y) {
    ["1"] first = Neg (x)
    ["0"] a = Relu (first)
    b = Neg (a)
    ["0"] c = Add (a, b)
    ["2"] y = Abs (c)
  })"),
            "cycle 0 ");
  EXPECT_EQ(OrderOf(R"(main (x) => (y) {
    ["0"] a = Relu (x)
    ["1"] b = Neg (a)
    ["0"] c = Abs (b)
    ["1"] y = Exp (c)
  })"),
            "cycle 0 cycle 1 ");
}

}  // namespace
}  // namespace modelexport
