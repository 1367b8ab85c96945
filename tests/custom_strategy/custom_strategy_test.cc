// A strategy and a matcher from another package, through the whole pipeline.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "modelexport/commands/explain.h"
#include "modelexport/commands/tag.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/custom_strategy/prefix_matcher.h"

namespace house {
namespace {

using modelexport::EvidenceKind;
using modelexport::Strategy;

constexpr char kModel[] = R"(
  main (x) => (y) {
    ["encoder:1"] a = Relu (x)
    b = Neg (a)
    ["encoder:2"] c = Exp (b)
    ["decoder:1"] y = Abs (c)
  }
)";

constexpr char kHierarchy[] = R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
  {"path": "", "class": "my.Net"},
  {"path": "encoder", "class": "my.E"}, {"path": "decoder", "class": "my.D"}]})";

Strategy HouseStrategy() { return {"house", {std::make_shared<PrefixMatcher>()}}; }

TEST(CustomStrategy, TagsByAMatcherOfAnotherPackage) {
  const modelexport::testing::TempDir dir;
  modelexport::TagFileRequest request;
  request.model = dir.Write("in.onnx", modelexport::testing::Model(kModel));
  request.hierarchy = dir.Write("h.json", kHierarchy);
  request.output = dir.Path("out.onnx");
  request.strategy = HouseStrategy();
  const modelexport::TagOutcome outcome = modelexport::TagFile(request);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.report.strategy, "house");
  const std::vector<std::pair<std::string, size_t>> by_module = {{"encoder", 3}, {"decoder", 1}};
  EXPECT_EQ(outcome.report.nodes_by_module, by_module);
  EXPECT_EQ(outcome.report.by_evidence[static_cast<int>(EvidenceKind::kNodeName)], 3);
  EXPECT_EQ(outcome.report.by_evidence[static_cast<int>(EvidenceKind::kDataflow)], 1);
}

TEST(CustomStrategy, ItsReasonsAreExplained) {
  const modelexport::testing::TempDir dir;
  modelexport::ExplainRequest request;
  request.model = dir.Write("in.onnx", modelexport::testing::Model(kModel));
  request.hierarchy = dir.Write("h.json", kHierarchy);
  request.node = "#2";
  request.strategy = HouseStrategy();
  const auto explanation = modelexport::Explain(request);
  ASSERT_TRUE(explanation.ok()) << explanation.status();
  ASSERT_EQ(explanation->candidates.size(), 1);
  EXPECT_EQ(explanation->candidates[0].reason, "prefix of \"encoder:2\"");
  EXPECT_TRUE(explanation->candidates[0].won);
}

}  // namespace
}  // namespace house
