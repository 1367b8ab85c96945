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

// "auto: scope_metadata node_name ...".
std::string ToText(const Strategy& strategy) {
  std::string text = absl::StrCat(strategy.name, ":");
  for (const auto& matcher : strategy.matchers) {
    absl::StrAppend(&text, " ", NameOf(matcher->kind()));
  }
  return text;
}

// "auto" has every kind that a matcher can have, in the order of the table of kinds.
TEST(Strategy, TheTable) {
  std::string all = "auto:";
  for (const EvidenceFacts& facts : kEvidenceKinds) {
    const bool matched = facts.basis == EvidenceBasis::kRan ||
                         facts.basis == EvidenceBasis::kReads ||
                         facts.basis == EvidenceBasis::kAlignment;
    if (matched) absl::StrAppend(&all, " ", facts.word);
  }
  const std::vector<Strategy> strategies = StandardStrategies();
  ASSERT_EQ(strategies.size(), 5);
  EXPECT_EQ(ToText(strategies[0]), all);
  EXPECT_EQ(ToText(strategies[1]), "name_scope: scope_metadata node_name value_name");
  EXPECT_EQ(ToText(strategies[2]), "usage: parameter fingerprint");
  EXPECT_EQ(ToText(strategies[3]), "trace: parameter fingerprint trace");
  EXPECT_EQ(ToText(strategies[4]), "fx: fx_name");
}

TEST(Strategy, LoadsTheMetadataThatItsMatchersRead) {
  using Keys = std::vector<std::string>;
  const std::vector<Strategy> strategies = StandardStrategies();
  EXPECT_EQ(strategies[1].KeysToLoad(), Keys{"pkg.torch.onnx.name_scopes"});
  EXPECT_EQ(strategies[2].KeysToLoad(), Keys{});
  const Matchers& names = strategies[1].matchers;
  EXPECT_EQ((Strategy{"twice", {names[0], names[0]}}.KeysToLoad()),
            Keys{"pkg.torch.onnx.name_scopes"});
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
