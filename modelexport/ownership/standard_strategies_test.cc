#include "modelexport/ownership/standard_strategies.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/resolution/resolver.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

TEST(Strategy, TheTable) {
  std::string text;
  for (const Strategy& strategy : StandardStrategies()) {
    absl::StrAppend(&text, strategy.name, ":");
    for (const auto& matcher : strategy.matchers) {
      absl::StrAppend(&text, " ", NameOf(matcher->kind()));
    }
    absl::StrAppend(&text, "\n");
  }
  EXPECT_EQ(text, R"(auto: scope_metadata node_name value_name fx_name parameter fingerprint trace
name_scope: scope_metadata node_name value_name
usage: parameter fingerprint
trace: parameter fingerprint trace
fx: fx_name
)");
}

// What another package would write: evidence that this library does not know, found in the
// operator's name.
class OperatorMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kFxName; }

  MatchResult Match(const MatchContext& context) const override {
    MatchResult result;
    for (size_t i = 0; i < context.graph.num_nodes(); ++i) {
      const ModuleId module = context.hierarchy.FindModule(context.graph.op_type(NodeId(i)));
      if (module.valid()) result.candidates.push_back({NodeId(i), module, CallId()});
    }
    return result;
  }

  std::string Reason(const MatchContext& context, const Candidate& candidate) const override {
    return absl::StrCat("operator ", context.graph.op_type(candidate.node));
  }
};

TEST(Strategy, OthersAreMadeAnywhereAndMixedWithTheStandardOnes) {
  Strategy strategy = StandardStrategies()[0];
  strategy.name = "mine";
  strategy.matchers.push_back(std::make_shared<OperatorMatcher>());

  const Hierarchy hierarchy = testing::HierarchyOf("\"\" my.Model\nMul my.Mul\nenc my.Encoder");
  const testing::TextGraph graph(R"(main (x) => (z) {
    [/enc/Mul] y = Mul (x, x)
    z = Mul (y, y)
    unknown = Add (z, z)
  })");
  const MatchContext context{graph.view(), hierarchy};
  std::vector<MatchResult> results;
  for (const auto& matcher : strategy.matchers) results.push_back(matcher->Match(context));
  std::string text;
  for (const Owner& owner : Resolve(context, strategy, results).owners) {
    absl::StrAppend(&text, hierarchy.module(owner.module).path, " ", NameOf(owner.evidence), "\n");
  }
  EXPECT_EQ(text, "enc node_name\nMul fx_name\n none\n");
}

}  // namespace
}  // namespace modelexport
