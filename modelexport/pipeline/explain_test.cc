#include "modelexport/pipeline/explain.h"

#include <string>

#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/status_matchers.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::StatusIs;

constexpr char kModel[] = R"(
  main (x) => (y) <float[2] a.k.weight = {1, 2}> {
    [/a/q/MatMul] p = MatMul (x, a.k.weight)
    ["dup"] u = Neg (p)
    ["dup"] v = Neg (u)
    [/a/Call] s = local.F (v)
    [/b/Call] y = local.F (s)
  }
  <domain: "local">
  F (i) => (o) { [/a/q/Relu] o = Relu (i) }
  <domain: "local">
  Unused (i) => (o) { [/a/q/Relu] o = Relu (i) }
)";

constexpr char kHierarchy[] = R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
  {"path": "", "class": "my.Net"},
  {"path": "a", "class": "my.A"}, {"path": "a.q", "class": "my.Q"}, {"path": "a.k", "class": "my.Q"},
  {"path": "b", "class": "my.A"}, {"path": "b.q", "class": "my.Q"}],
  "tensors": [{"name": "a.k.weight"}]})";

class ExplainTest : public ::testing::Test {
 protected:
  absl::StatusOr<Explanation> Run(const std::string& node, const std::string& strategy = "auto") {
    ExplainRequest request;
    request.model = dir_.Write("in.onnx", testing::Model(kModel));
    request.hierarchy = dir_.Write("h.json", kHierarchy);
    request.node = node;
    for (const Strategy& standard : StandardStrategies()) {
      if (standard.name == strategy) request.strategy = standard;
    }
    return Explain(request);
  }

  testing::TempDir dir_;
};

TEST_F(ExplainTest, ListsAllCandidates) {
  const Explanation explanation = *Run("#0");
  EXPECT_EQ(explanation.name, "/a/q/MatMul");
  EXPECT_EQ(explanation.owner, "a.q");
  ASSERT_EQ(explanation.candidates.size(), 2);
  EXPECT_EQ(explanation.candidates[0].module, "a.q");
  EXPECT_TRUE(explanation.candidates[0].won);
  EXPECT_EQ(explanation.candidates[1].kind, EvidenceKind::kParameter);
  EXPECT_EQ(explanation.candidates[1].module, "a.k");
  EXPECT_EQ(explanation.candidates[1].reason, "reads \"a.k.weight\"");
  EXPECT_FALSE(explanation.candidates[1].won);
}

TEST_F(ExplainTest, UsesTheStrategyGiven) {
  const Explanation explanation = *Run("#0", "usage");
  EXPECT_EQ(explanation.owner, "a.k");
  ASSERT_EQ(explanation.candidates.size(), 1);
  EXPECT_TRUE(explanation.candidates[0].won);
}

TEST_F(ExplainTest, OwnersInFunctionsAreRelativeToTheCaller) {
  const Explanation explanation = *Run("function:local:F:#0");
  ASSERT_TRUE(explanation.caller.has_value());
  EXPECT_EQ(*explanation.caller, "a");
  EXPECT_EQ(explanation.owner, "q");
  EXPECT_TRUE(explanation.candidates[0].won);
}

TEST_F(ExplainTest, NothingIsTaggedInAFunctionThatNothingCalls) {
  const Explanation explanation = *Run("function:local:Unused:#0");
  EXPECT_FALSE(explanation.tagged);
  ASSERT_EQ(explanation.candidates.size(), 1);
  EXPECT_FALSE(explanation.candidates[0].won);
}

TEST_F(ExplainTest, ANameMustMeanOneNode) {
  const absl::Status several = Run("dup").status();
  EXPECT_THAT(several, StatusIs(absl::StatusCode::kNotFound,
                                "\"dup\" means several nodes:\n  #1 Neg \"dup\"\n  #2 Neg \"dup\""));
  EXPECT_EQ(FaultOf(several), Fault::kUsage);
  const absl::Status none = Run("nothing").status();
  EXPECT_THAT(none, StatusIs(absl::StatusCode::kNotFound, "in.onnx: \"nothing\" means no node"));
  EXPECT_EQ(FaultOf(none), Fault::kUsage);
}

TEST_F(ExplainTest, FilesMustBeReadable) {
  ExplainRequest request;
  request.model = dir_.Write("in.onnx", "\x3a\x05");
  request.hierarchy = dir_.Write("h.json", kHierarchy);
  EXPECT_THAT(Explain(request), StatusIs(absl::StatusCode::kInvalidArgument, "in.onnx: byte 0"));
  EXPECT_EQ(FaultOf(Explain(request).status()), Fault::kInput);
  request.hierarchy = dir_.Write("bad.json", "[]");
  EXPECT_THAT(Explain(request), StatusIs(absl::StatusCode::kInvalidArgument, "bad.json: "));
}

}  // namespace
}  // namespace modelexport
