#include "modelexport/commands/explain.h"

#include <regex>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/render/reports.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/status_matchers.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
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

constexpr char kTraceModel[] = R"(
  main (x) => (y) <float[2] a.w = {1, 2}, float s = {1}> {
    [/a/Mul] p = Mul (x, a.w)
    q = QuantizeLinear (p, s)
    [/a/Relu] r = Relu (q)
    [/b/If] y = If (r) <then_branch = yes () => (t) { t = Abs (k) }>
    z = Neg (r)
    shape = Shape (r)
    u = Reshape (z, shape)
  }
)";

constexpr char kTraceHierarchy[] = R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
  {"path": "", "class": "my.Net"}, {"path": "a", "class": "my.A"}, {"path": "b", "class": "my.B"}],
  "tensors": [{"name": "a.w", "shape": [2]}],
  "calls": [{"module": "", "parent": null}, {"module": "a", "parent": 0},
            {"module": "b", "parent": 0}, {"module": "b", "parent": 0}],
  "ops_source": "torch_export",
  "ops": [{"op": "aten.mul.Tensor", "call": 1, "reads": [null, "a.w"]},
          {"op": "aten.relu.default", "call": 1, "reads": [0]},
          {"op": "aten.abs.default", "call": 2, "reads": [1]},
          {"op": "aten.neg.default", "call": 3, "reads": [1]}]})";

// The text for one node of kTraceModel; scores have no digits here.
std::string Explained(const std::string& node, const std::string& strategy) {
  const testing::TempDir dir;
  ExplainRequest request;
  request.model = dir.Write("in.onnx", testing::Model(kTraceModel));
  request.hierarchy = dir.Write("h.json", kTraceHierarchy);
  request.node = node;
  for (const Strategy& standard : StandardStrategies()) {
    if (standard.name == strategy) request.strategy = standard;
  }
  const absl::StatusOr<Explanation> explanation = Explain(request);
  if (!explanation.ok()) return std::string(explanation.status().message());
  return std::regex_replace(RenderText(*explanation), std::regex("by [0-9.]+"), "by N");
}

TEST_F(ExplainTest, ByTraceWithTheNextBestModule) {
  EXPECT_EQ(Explained("z", "auto"), R"(node        #4 Neg
makes       z
owner       b, call 1
evidence    trace
confidence  99.0 %
strategy    auto

candidates, strongest first; * won
* trace: b, call 1
    aligned with operator 3 (aten.neg.default) in (root) > b#1; next best a, by N
)");
}

TEST_F(ExplainTest, ByTraceWithTheNodeThatUsesIt) {
  EXPECT_THAT(Explained("shape", "auto"),
              HasSubstr("\n    with #6, that uses it: aligned with operator 3 (aten.neg.default)"));
}

TEST_F(ExplainTest, ByFlowWithWhatItLiesBetween) {
  EXPECT_THAT(Explained("q", "name_scope"), HasSubstr(R"(
evidence    inherited
confidence  99.9 %
strategy    name_scope

candidates, strongest first; * won
* inherited: from the node that it serves, or that holds its graph
    after #0 Mul "/a/Mul" of a
    before #2 Relu "/a/Relu" of a
)"));
  EXPECT_THAT(Explained("t", "name_scope"), HasSubstr("\n    held by #3 If \"/b/If\" of b\n"));
}

TEST_F(ExplainTest, ANameMustMeanOneNode) {
  const absl::Status several = Run("dup").status();
  EXPECT_THAT(several,
              StatusIs(absl::StatusCode::kNotFound,
                       "\"dup\" means several nodes:\n  #1 Neg \"dup\"\n  #2 Neg \"dup\""));
  EXPECT_EQ(FaultOf(several), Fault::kUsage);
  const absl::Status none = Run("nothing").status();
  EXPECT_THAT(none, StatusIs(absl::StatusCode::kNotFound, "in.onnx: \"nothing\" means no node"));
  EXPECT_EQ(FaultOf(none), Fault::kUsage);
  EXPECT_THAT(Run("1").status(), StatusIs(absl::StatusCode::kNotFound,
                                          "in.onnx: \"1\" means no node; did you mean '#1'?"));
  EXPECT_TRUE(absl::EndsWith(Run("99").status().message(), "\"99\" means no node"));
}

TEST_F(ExplainTest, WhereTheNodeWasWritten) {
  ExplainRequest request;
  request.model = dir_.Write("in.onnx", testing::Model(R"(main (x) => (y) { [/a/q/Neg] y = Neg (x)
      {"pkg.torch.onnx.stack_trace":
       "File \"net.py\", line 7, in forward\n    x = self.q(x)\n  File \"q.py\", line 9\n"} })"));
  request.hierarchy = dir_.Write("h.json", kHierarchy);
  request.node = "#0";
  request.strategy = *ChooseStrategy("auto");
  EXPECT_THAT(RenderText(*Explain(request)), HasSubstr("\n\nwritten in, innermost call first\n"
                                                       "  q.py:9\n"
                                                       "  net.py:7 in forward: x = self.q(x)\n"));
}

TEST_F(ExplainTest, FilesMustBeReadable) {
  ExplainRequest request;
  request.model = dir_.Write("in.onnx", "\x3a\x05");
  request.hierarchy = dir_.Write("h.json", kHierarchy);
  EXPECT_THAT(Explain(request), StatusIs(absl::StatusCode::kInvalidArgument, "in.onnx: byte 0"));
  EXPECT_EQ(FaultOf(Explain(request).status()), Fault::kInput);
  request.model = dir_.Write("in.onnx", testing::Model(kModel));
  request.hierarchy = dir_.Write("bad.json", "[]");
  EXPECT_THAT(Explain(request), StatusIs(absl::StatusCode::kInvalidArgument, "bad.json: "));
}

}  // namespace
}  // namespace modelexport
