#include "modelexport/costs/test_costs.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport::testing {
namespace {

std::string Text(const Count& count) {
  return count.is_known() ? absl::StrCat(count.value()) : "?";
}

}  // namespace

std::vector<NodeCost> NodeCostsOf(const GraphView& graph, const ShapeSources& sources) {
  const auto declared = Declarations::Read(graph.index());
  EXPECT_TRUE(declared.ok()) << declared.status();
  const auto shapes = ValueShapes::Read(graph, *declared, sources);
  EXPECT_TRUE(shapes.ok()) << shapes.status();
  const auto costs = CostsOfNodes(graph, *shapes);
  EXPECT_TRUE(costs.ok()) << costs.status();
  return *costs;
}

std::string NodeCostsText(absl::string_view model, const ShapeSources& sources) {
  const TextGraph graph(model);
  const std::vector<NodeCost> costs = NodeCostsOf(graph.view(), sources);
  std::string text;
  for (size_t n = 0; n < costs.size(); ++n) {
    absl::StrAppend(&text, graph.view().Place(NodeId(n)), " ", graph.view().op_type(NodeId(n)), " ",
                    Text(costs[n].macs), " macs ", Text(costs[n].activations), " bytes",
                    costs[n].repeats ? " ..." : "", "\n");
  }
  return text;
}

std::string Text(const CostSum& sum) {
  if (sum.is_exact()) return absl::StrCat(sum.at_least);
  return sum.at_least > 0 ? absl::StrCat(">=", sum.at_least) : "?";
}

}  // namespace modelexport::testing
