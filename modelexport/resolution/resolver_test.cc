#include "modelexport/resolution/resolver.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// Says what a test lets it say. A line for each candidate: number of the node, path ("." for the
// root), then "call <n>" counted over the whole hierarchy, and "within" where it is not exact.
class FakeMatcher final : public Matcher {
 public:
  FakeMatcher(EvidenceKind kind, absl::string_view lines) : kind_(kind), lines_(lines) {}

  EvidenceKind kind() const override { return kind_; }

  MatchResult Match(const MatchContext& context) const override {
    MatchResult result;
    for (absl::string_view line : absl::StrSplit(lines_, '\n', absl::SkipWhitespace())) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
      Candidate candidate;
      candidate.node = NodeId(std::stoul(words[0]));
      candidate.module = context.hierarchy.FindModule(words[1] == "." ? "" : words[1]);
      EXPECT_TRUE(candidate.module.valid()) << line;
      if (words.size() > 3) candidate.call = CallId(std::stoul(words[3]));
      candidate.exact = words.back() != "within";
      result.candidates.push_back(candidate);
    }
    return result;
  }

  std::string Reason(const MatchContext&, const Candidate&) const override { return "said so"; }

 private:
  const EvidenceKind kind_;
  const std::string lines_;
};

struct Said {
  EvidenceKind kind;
  absl::string_view lines;
};

std::string ToText(const MatchContext& context, const Resolution& resolution) {
  const auto path = [&](ModuleId id) {
    const absl::string_view text = context.hierarchy.module(id).path;
    return text.empty() ? "." : text;
  };
  std::string text;
  for (size_t i = 0; i < resolution.owners.size(); ++i) {
    const Owner& owner = resolution.owners[i];
    absl::StrAppend(&text, context.graph.Place(NodeId(i)), " -> ", path(owner.module), " ",
                    owner.call.valid() ? absl::StrCat("call ", owner.call.index(), " ") : "",
                    NameOf(owner.evidence), "\n");
  }
  for (const Conflict& c : resolution.conflicts) {
    absl::StrAppend(&text, "conflict at ", context.graph.Place(c.node), ": ", NameOf(c.stronger),
                    " ", path(c.stronger_module), ", ", NameOf(c.weaker), " ",
                    path(c.weaker_module), "\n");
  }
  return text;
}

std::string ResolveIn(const TextGraph& graph, absl::string_view hierarchy_lines,
                      const std::vector<Said>& evidence) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const MatchContext context{graph.view(), hierarchy};
  Strategy strategy;
  std::vector<MatchResult> results;
  for (const Said& said : evidence) {
    strategy.matchers.push_back(std::make_shared<FakeMatcher>(said.kind, said.lines));
    results.push_back(strategy.matchers.back()->Match(context));
  }
  return ToText(context, Resolve(context, strategy, results));
}

// Of nodes that nothing connects: what lies between others is the business of flow.h.
std::string ResolveThree(absl::string_view hierarchy_lines, const std::vector<Said>& evidence) {
  const TextGraph graph("main (x) => () { a = A (x)\n b = B (x)\n c = C (x) }");
  return ResolveIn(graph, hierarchy_lines, evidence);
}

constexpr EvidenceKind kMetadata = EvidenceKind::kScopeMetadata;
constexpr EvidenceKind kNode = EvidenceKind::kNodeName;
constexpr EvidenceKind kValue = EvidenceKind::kValueName;
constexpr EvidenceKind kParameter = EvidenceKind::kParameter;
constexpr EvidenceKind kTrace = EvidenceKind::kTrace;

constexpr absl::string_view kModules = R"(
  ""     my.Model
  enc    my.Encoder
  enc.q  my.Linear
  enc.k  my.Linear
  dec    my.Decoder
)";

TEST(Resolver, WithoutEvidenceTheRootOwnsAll) {
  EXPECT_EQ(ResolveThree(kModules, {{kNode, ""}}), "#0 -> . none\n#1 -> . none\n#2 -> . none\n");
  EXPECT_EQ(ResolveThree(kModules, {}), "#0 -> . none\n#1 -> . none\n#2 -> . none\n");
}

TEST(Resolver, TheStrongestKindIsTaken) {
  EXPECT_EQ(
      ResolveThree(kModules, {{kMetadata, "1 enc"}, {kNode, "0 dec\n1 enc"}, {kValue, "2 ."}}),
      "#0 -> dec node_name\n#1 -> enc scope_metadata\n#2 -> . value_name\n");
}

TEST(Resolver, ADifferenceIsRecordedAndTheStrongerWins) {
  EXPECT_EQ(ResolveThree(kModules, {{kMetadata, "0 enc"}, {kNode, "0 dec"}, {kValue, "0 enc.q"}}),
            R"(#0 -> enc scope_metadata
#1 -> . none
#2 -> . none
conflict at #0: scope_metadata enc, node_name dec
conflict at #0: scope_metadata enc, value_name enc.q
)");
}

TEST(Resolver, ExactBeatsInexact) {
  EXPECT_EQ(ResolveThree(kModules, {{kMetadata, "0 enc within\n1 dec within"},
                                    {kNode, "0 enc.q\n2 enc within"},
                                    {kValue, "2 dec within"}}),
            "#0 -> enc.q node_name\n#1 -> dec scope_metadata\n#2 -> enc node_name\n");
}

// All nodes lie within the root: who says no more has said nothing.
TEST(Resolver, WithinTheRootIsNoEvidence) {
  EXPECT_EQ(
      ResolveThree(kModules, {{kMetadata, "0 . within\n1 . within"}, {kNode, "1 enc within"}}),
      "#0 -> . none\n#1 -> enc node_name\n#2 -> . none\n");
}

constexpr absl::string_view kCalls = R"(
  ""    my.Model
  enc   my.Encoder
  dec   my.Decoder
  relu  my.Relu
  call ""      # 0
    call enc   # 1
    call relu  # 2
    call dec   # 3
    call relu  # 4
)";

TEST(Resolver, WeakerEvidenceTellsTheCall) {
  EXPECT_EQ(ResolveThree(kCalls, {{kMetadata, "0 relu\n1 relu\n2 enc"},
                                  {kNode, "0 relu call 4\n1 relu call 2\n2 relu call 2"}}),
            R"(#0 -> relu call 4 scope_metadata
#1 -> relu call 2 scope_metadata
#2 -> enc scope_metadata
conflict at #2: scope_metadata enc, node_name relu
)");
}

TEST(Resolver, WeakerEvidenceRulesOutSomeOfSeveral) {
  EXPECT_EQ(ResolveThree(kCalls, {{kNode, "0 enc call 1\n0 dec call 3"}, {kValue, "0 dec call 3"}}),
            "#0 -> dec call 3 node_name\n#1 -> . none\n#2 -> . none\n");
}

// Only the calls differ: the modules agree, so that is no conflict.
TEST(Resolver, DifferentCallsOfOneModuleAreNoConflict) {
  EXPECT_EQ(ResolveThree(kCalls, {{kNode, "0 relu call 2"}, {kValue, "0 relu call 4"}}),
            "#0 -> relu call 2 node_name\n#1 -> . none\n#2 -> . none\n");
}

TEST(Resolver, TheWalkThroughTheCallsSettlesTheRest) {
  EXPECT_EQ(ResolveThree(kCalls, {{kNode,
                                   "0 relu call 2\n0 relu call 4\n1 dec\n"
                                   "2 relu call 2\n2 relu call 4"}}),
            "#0 -> relu call 2 node_name\n#1 -> dec node_name\n#2 -> relu call 4 node_name\n");
}

// The module is sure, its call is not.
TEST(Resolver, CallsThatCannotBeToldApartAreLeftOpen) {
  constexpr absl::string_view kEither = R"(
    0 relu call 2
    0 relu call 4
    1 relu call 2
    1 relu call 4
    2 relu call 2
    2 relu call 4
  )";
  EXPECT_EQ(ResolveThree(kCalls, {{kNode, kEither}}),
            "#0 -> relu node_name\n#1 -> relu node_name\n#2 -> relu node_name\n");
}

// The names are /relu/Relu, /relu_1/Relu, /relu_1/Relu_1 either way.
TEST(Resolver, ReluTwiceNextToRelu1) {
  const TextGraph relus("main (x) => () { a = Relu (x)\n b = Relu (x)\n c = Relu (x) }");
  constexpr absl::string_view kModules = "\"\" my.Model\nrelu my.Relu\nrelu_1 my.Relu\ncall \"\"\n";
  constexpr absl::string_view kNames = R"(
    0 relu call 1
    1 relu call 2
    1 relu_1 call 3
    2 relu call 2
    2 relu_1 call 3
  )";
  EXPECT_EQ(ResolveIn(relus, absl::StrCat(kModules, "  call relu\n  call relu\n  call relu_1\n"),
                      {{kNode, kNames}}),
            "#0 -> relu call 1 node_name\n#1 -> relu call 2 node_name\n"
            "#2 -> relu_1 call 3 node_name\n");
  constexpr absl::string_view kOtherNames = R"(
    0 relu call 1
    1 relu_1 call 2
    1 relu call 3
    2 relu_1 call 2
    2 relu call 3
  )";
  EXPECT_EQ(ResolveIn(relus, absl::StrCat(kModules, "  call relu\n  call relu_1\n  call relu\n"),
                      {{kNode, kOtherNames}}),
            "#0 -> relu call 1 node_name\n#1 -> relu_1 call 2 node_name\n"
            "#2 -> relu call 3 node_name\n");
}

TEST(Resolver, WithoutCallsTheCommonAncestorTakesADoubtfulNode) {
  EXPECT_EQ(ResolveThree(kModules, {{kNode,
                                     "0 enc.q\n0 enc.k\n1 enc\n1 enc.q\n2 enc.q within\n"
                                     "2 enc.k within"}}),
            "#0 -> enc node_name\n#1 -> enc node_name\n#2 -> enc node_name\n");
}

// Evidence that allows everything restricted nothing, unless the root is one of what it names.
TEST(Resolver, ARootThatNobodyNamedIsNoEvidence) {
  EXPECT_EQ(ResolveThree(kModules, {{kNode, "0 enc\n0 dec\n1 .\n1 dec"}}),
            "#0 -> . none\n#1 -> . node_name\n#2 -> . none\n");
}

// A name of which only the beginning is known.
TEST(Resolver, WeakerEvidenceGoesBelowARestrictionAndNotOutOfIt) {
  EXPECT_EQ(ResolveThree(kModules, {{kNode, "0 enc within\n1 enc within\n2 enc within"},
                                    {kParameter, "1 dec\n2 enc.q"},
                                    {kTrace, "0 enc.k\n1 dec\n2 enc.k"}}),
            "#0 -> enc.k trace\n#1 -> enc node_name\n#2 -> enc.q parameter\n");
}

TEST(Resolver, AnAlignmentChoosesTheCallThatReadsATensor) {
  EXPECT_EQ(ResolveThree(
                kCalls, {{kParameter, "0 relu call 2\n0 relu call 4\n1 relu call 2\n2 relu call 2"},
                         {kTrace, "0 relu call 4\n1 relu call 4\n2 enc call 1"}}),
            "#0 -> relu call 4 parameter\n#1 -> relu call 2 parameter\n"
            "#2 -> relu call 2 parameter\n");
}

// enc may read the result of an operator of enc.q that was computed before. A tie is no choice.
TEST(Resolver, AnAlignmentGoesBelowOrAroundTheModuleThatReadsATensor) {
  const std::string modules = absl::StrCat(kModules, "tensor enc.q.weight float32[1]\n");
  EXPECT_EQ(ResolveThree(modules, {{kParameter, "0 enc\n1 enc.q\n2 enc.q"},
                                   {kTrace, "0 enc.q\n1 enc\n2 enc within"}}),
            "#0 -> enc.q trace\n#1 -> enc trace\n#2 -> enc.q parameter\n");
}

// There, names of values tell what is read, and the alignment does not know it.
TEST(Resolver, WithoutTensorsAnAlignmentGoesBelowAlone) {
  EXPECT_EQ(ResolveThree(kModules, {{kParameter, "0 enc\n1 enc.q\n2 enc.q"},
                                    {kTrace, "0 enc.q\n1 enc\n2 enc within"}}),
            "#0 -> enc.q trace\n#1 -> enc.q parameter\n#2 -> enc.q parameter\n");
}

TEST(Resolver, TheFlowOfDataRestrictsAnAlignment) {
  const TextGraph graph("main (x) => (d) { a = A (x)\n b = B (a)\n c = C (b)\n d = D (c) }");
  EXPECT_EQ(ResolveIn(graph, kModules, {{kNode, "0 enc.q\n3 enc.k"}, {kTrace, "1 enc.k\n2 dec"}}),
            "#0 -> enc.q node_name\n#1 -> enc.k trace\n#2 -> enc.k dataflow\n"
            "#3 -> enc.k node_name\n");
  EXPECT_EQ(ResolveIn(graph, kModules, {{kNode, "0 enc.q\n3 dec"}, {kTrace, "1 enc.k\n2 dec"}}),
            "#0 -> enc.q node_name\n#1 -> enc.k trace\n#2 -> dec trace\n#3 -> dec node_name\n");
}

// Each graph is a walk of its own; nodes of bodies come behind those of the main graph.
TEST(Resolver, Bodies) {
  const TextGraph graph(R"(main (x) => (z) {
    y = If (x) <
      then_branch = yes () => (t) { t = A (x) },
      else_branch = no () => (e) { d = B (x)
                                   e = C (d) }
    >
    z = D (y)
  })");
  EXPECT_EQ(ResolveIn(graph, kCalls, {{kNode, R"(
    0 enc
    1 dec
    2 relu call 2
    2 relu call 4
    3 dec
    4 relu call 2
    4 relu call 4
  )"}}),
            R"(#0 -> enc node_name
#1 -> dec node_name
/0:then_branch#0 -> relu node_name
/0:else_branch#0 -> dec node_name
/0:else_branch#1 -> relu call 4 node_name
)");
}

}  // namespace
}  // namespace modelexport
