#include "modelexport/ownership/sidecar_fit.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

constexpr absl::string_view kModel = R"(
  ""         my.Model
  enc        my.Encoder  tied
  enc.q      my.Linear
  tensor old.name.weight float32[4] other.name
)";

std::string Judge(absl::string_view graph_text, const std::vector<Offer>& offers = {}) {
  const Hierarchy hierarchy = HierarchyOf(kModel);
  const TextGraph graph(graph_text);
  const std::vector<MatchResult> none(3);
  std::vector<MatchResult> results(none);
  for (size_t i = 0; i < offers.size(); ++i) results[i].offer = offers[i];
  const Strategy name_scope = StandardStrategies()[1];
  const SidecarFit fit = JudgeSidecar({graph.view(), hierarchy}, name_scope, results);
  std::string text;
  for (const SidecarFit::Row& row : fit.rows) {
    absl::StrAppend(&text, row.kind, " ", row.offer.resolved, "/", row.offer.offered, ", ");
  }
  return absl::StrCat(text, fit.plausible ? "plausible" : "wrong");
}

constexpr absl::string_view kEmpty = "main () => () {}";

TEST(SidecarFit, AModelThatOffersNothingSaysNothing) {
  EXPECT_EQ(Judge(kEmpty),
            "scope_metadata 0/0, node_name 0/0, value_name 0/0, parameter names 0/0, plausible");
}

// One kind that resolves is enough: others may have been lost on the way.
TEST(SidecarFit, OneKindOfWhichTheTwentiethPartResolvesIsEnough) {
  EXPECT_EQ(
      Judge(kEmpty, {{100, 0}, {100, 5}}),
      "scope_metadata 0/100, node_name 5/100, value_name 0/0, parameter names 0/0, plausible");
  EXPECT_EQ(Judge(kEmpty, {{100, 4}, {100, 4}}),
            "scope_metadata 4/100, node_name 4/100, value_name 0/0, parameter names 0/0, wrong");
  EXPECT_EQ(Judge(kEmpty, {{0, 0}, {1, 0}}),
            "scope_metadata 0/0, node_name 0/1, value_name 0/0, parameter names 0/0, wrong");
}

// By a tensor's name or alias, a module or an alias at the beginning. The root does not count, nor
// do names without a dot, tensors in attributes, or inputs.
TEST(SidecarFit, ParameterNames) {
  EXPECT_EQ(Judge(R"(main (float[1] enc.input) => (y) <
    float[1] enc.q.weight = {1}, float[1] enc.weight_g = {1}, float[1] tied.q.bias = {1},
    float[1] old.name.weight = {1}, float[1] other.name = {1}, float[1] enc.0.new.weight = {1},
    float[1] encoder.weight = {1}, float[1] dec.q.weight = {1}, float[1] onnx::MatMul_7 = {1},
    float[1] weight = {1}> {
      y = Constant <value = float[1] {1}> ()
    })"),
            "scope_metadata 0/0, node_name 0/0, value_name 0/0, parameter names 6/8, plausible");
  EXPECT_EQ(Judge("main () => () <float[1] layer.0.weight = {1}> {}"),
            "scope_metadata 0/0, node_name 0/0, value_name 0/0, parameter names 0/1, wrong");
}

}  // namespace
}  // namespace modelexport
