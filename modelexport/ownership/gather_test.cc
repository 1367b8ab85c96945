#include "modelexport/ownership/gather.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// Gives nodes of one operator to a module.
class ByOperator final : public Matcher {
 public:
  ByOperator(EvidenceKind kind, std::string op_type, std::string path)
      : kind_(kind), op_type_(std::move(op_type)), path_(std::move(path)) {}

  EvidenceKind kind() const override { return kind_; }

  MatchResult Match(const MatchContext& context) const override {
    MatchResult result;
    for (size_t i = 0; i < context.graph.num_nodes(); ++i) {
      if (context.graph.op_type(NodeId(i)) != op_type_) continue;
      result.candidates.push_back({NodeId(i), context.hierarchy.FindModule(path_), CallId()});
    }
    return result;
  }

  std::string Reason(const MatchContext&, const Candidate&) const override { return "said so"; }

 private:
  const EvidenceKind kind_;
  const std::string op_type_;
  const std::string path_;
};

// Asked in the second round; its notes are what it was told.
class Listener final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kTrace; }
  bool second_round() const override { return true; }

  MatchResult Match(const MatchContext& context) const override {
    MatchResult result;
    for (const Candidate& settled : context.settled()) {
      result.notes.push_back(absl::StrCat(context.graph.Place(settled.node), " ",
                                          context.hierarchy.module(settled.module).path));
    }
    return result;
  }

  std::string Reason(const MatchContext&, const Candidate&) const override { return "heard so"; }
};

constexpr absl::string_view kModules = R"(
  ""  my.Model
  a   my.A
  b   my.B
  call ""
    call a
      op relu = aten.relu.default
)";

std::shared_ptr<const Matcher> Names(absl::string_view op_type, absl::string_view path) {
  return std::make_shared<ByOperator>(EvidenceKind::kNodeName, std::string(op_type),
                                      std::string(path));
}

std::shared_ptr<const Matcher> Parameters(absl::string_view op_type, absl::string_view path) {
  return std::make_shared<ByOperator>(EvidenceKind::kParameter, std::string(op_type),
                                      std::string(path));
}

// A line for each matcher, in their order: its candidates, then what it was told.
std::string Gather(absl::string_view modules, std::vector<std::shared_ptr<const Matcher>> matchers,
                   bool two_threads) {
  const Hierarchy hierarchy = HierarchyOf(modules);
  const TextGraph graph("main (x) => (z) { y = Relu (x)\n z = Tanh (y) }");
  const MatchContext context{graph.view(), hierarchy};
  const Strategy strategy{"test", std::move(matchers)};
  std::string text;
  const Evidence evidence = GatherEvidence(context, strategy, two_threads);
  for (const MatchResult& result : evidence.results) {
    for (const Candidate& candidate : result.candidates) {
      absl::StrAppend(&text, graph.view().Place(candidate.node), " ",
                      hierarchy.module(candidate.module).path, "; ");
    }
    for (const std::string& note : result.notes) absl::StrAppend(&text, "told ", note, "; ");
    absl::StrAppend(&text, "\n");
  }
  return text;
}

TEST(Gather, TheSecondRoundIsToldWhatTheFirstSettled) {
  for (const bool two_threads : {false, true}) {
    EXPECT_EQ(
        Gather(kModules, {Names("Relu", "a"), std::make_shared<Listener>(), Names("Tanh", "b")},
               two_threads),
        "#0 a; \n"
        "told #0 a; told #1 b; \n"
        "#1 b; \n");
  }
}

// A tensor may be read by others than its owner: what it proposes is not settled.
TEST(Gather, OnlyWhatSaysWhereANodeRanSettles) {
  EXPECT_EQ(
      Gather(kModules, {Names("Relu", "a"), Parameters("Tanh", "b"), std::make_shared<Listener>()},
             false),
      "#0 a; \n"
      "#1 b; \n"
      "told #0 a; \n");
}

TEST(Gather, NothingIsSettledWhereNobodyCanUseIt) {
  EXPECT_EQ(
      Gather("\"\" my.Model\na my.A", {Names("Relu", "a"), std::make_shared<Listener>()}, false),
      "#0 a; \n"
      "\n");
}

TEST(Gather, NoMatchers) { EXPECT_EQ(Gather(kModules, {}, true), ""); }

}  // namespace
}  // namespace modelexport
