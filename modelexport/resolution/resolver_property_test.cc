// Whatever an alignment says, it leaves no owner that other evidence proves.

#include <algorithm>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/call_tree.h"
#include "modelexport/resolution/resolver.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

constexpr absl::string_view kModules = R"(
  ""       my.Model
  enc      my.Encoder
  enc.a    my.A
  enc.a.l  my.L
  enc.b    my.B
  dec      my.Decoder
  dec.c    my.C
  call ""
    call enc
      call enc.a
        call enc.a.l
      call enc.b
    call dec
      call dec.c
      call dec.c
)";

constexpr size_t kNodes = 12;

class Said final : public Matcher {
 public:
  explicit Said(EvidenceKind kind) : kind_(kind) {}
  EvidenceKind kind() const override { return kind_; }
  MatchResult Match(const MatchContext&) const override { return {}; }
  std::string Reason(const MatchContext&, const Candidate&) const override { return ""; }

 private:
  const EvidenceKind kind_;
};

// A node reads the results of one or two of the three nodes before it.
std::string RandomModel(std::mt19937* random) {
  std::string model = "main (v0) => () {\n";
  for (size_t n = 1; n <= kNodes; ++n) {
    const auto before = [&] { return n - 1 - (*random)() % std::min<size_t>(n, 3); };
    absl::StrAppend(&model, "v", n, " = Op (v", before(), ", v", before(), ")\n");
  }
  return model + "}";
}

// Calls in the order of time, where the run goes from one to the next.
constexpr size_t kTime[] = {0, 1, 2, 3, 2, 1, 4, 1, 0, 5, 6, 5, 7, 5, 0};

// For each node the call in which it ran, in the order of time.
std::vector<CallId> RandomRun(std::mt19937* random) {
  std::vector<size_t> times(kNodes);
  for (size_t& time : times) time = (*random)() % std::size(kTime);
  std::sort(times.begin(), times.end());
  std::vector<CallId> calls;
  for (const size_t time : times) calls.push_back(CallId(kTime[time]));
  return calls;
}

// What is true of about every third node: its module, its call, or a module around.
MatchResult Proof(const Hierarchy& hierarchy, const std::vector<CallId>& run,
                  std::mt19937* random) {
  MatchResult result;
  for (size_t n = 0; n < kNodes; ++n) {
    const ModuleId module = hierarchy.call(run[n]).module;
    const uint32_t choice = (*random)() % 9;
    if (choice == 0) result.candidates.push_back({NodeId(n), module, CallId()});
    if (choice == 1) result.candidates.push_back({NodeId(n), module, run[n]});
    if (choice == 2 && module != Hierarchy::root()) {
      result.candidates.push_back({NodeId(n), hierarchy.module(module).parent, CallId(), false});
    }
  }
  return result;
}

// Anything of about every third node.
MatchResult RandomTrace(const Hierarchy& hierarchy, std::mt19937* random) {
  MatchResult result;
  for (size_t n = 0; n < kNodes; ++n) {
    if ((*random)() % 3 > 0) continue;
    const CallId call((*random)() % hierarchy.calls().size());
    result.candidates.push_back({NodeId(n), hierarchy.call(call).module, call});
  }
  return result;
}

// That of a node which `trace` took from what `kind` and the flow of data say; "" if there is none.
std::string Violation(EvidenceKind kind, uint32_t seed) {
  std::mt19937 random(seed);
  const Hierarchy hierarchy = testing::HierarchyOf(kModules);
  const testing::TextGraph graph(RandomModel(&random));
  const MatchContext context(graph.view(), hierarchy);
  const Strategy without{"", {std::make_shared<Said>(kind)}};
  const Strategy with{"", {without.matchers[0], std::make_shared<Said>(EvidenceKind::kTrace)}};
  const MatchResult proof = Proof(hierarchy, RandomRun(&random), &random);
  const MatchResult trace = RandomTrace(hierarchy, &random);
  const std::vector<Owner> proved = Resolve(context, without, {proof}).owners;
  const std::vector<Owner> found = Resolve(context, with, {proof, trace}).owners;
  const auto is_proof = [&](size_t n) {
    return std::any_of(proof.candidates.begin(), proof.candidates.end(),
                       [n](const Candidate& c) { return c.node == NodeId(n) && c.exact; });
  };
  const CallTree calls(hierarchy);
  for (size_t n = 0; n < kNodes; ++n) {
    const CallSite before{proved[n].module, proved[n].call}, now{found[n].module, found[n].call};
    if (IsStrong(kind)) {
      if (is_proof(n) ? now.module == before.module : calls.IsWithin(now, before)) continue;
    } else if (!is_proof(n) || calls.IsWithin(now, before) || calls.IsWithin(before, now)) {
      continue;
    }
    return absl::StrCat("seed ", seed, ", node ", n, ": ", hierarchy.module(before.module).path,
                        " -> ", hierarchy.module(now.module).path, "\n");
  }
  return "";
}

TEST(ResolverProperty, NoAlignmentLeavesWhatNamesProve) {
  std::string violations;
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    violations += Violation(EvidenceKind::kNodeName, seed);
  }
  EXPECT_EQ(violations, "");
}

// An alignment may also name what is around the module that reads a tensor: what this computes may
// have been stored. Then the tensor proves nothing of other nodes either.
TEST(ResolverProperty, NoAlignmentLeavesWhatTensorsProve) {
  std::string violations;
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    violations += Violation(EvidenceKind::kParameter, seed);
  }
  EXPECT_EQ(violations, "");
}

}  // namespace
}  // namespace modelexport
