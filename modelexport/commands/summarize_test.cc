#include "modelexport/commands/summarize.h"

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

struct Given {
  absl::string_view path;  // "" is the root.
  EvidenceKind evidence;
  bool tagged = true;
};

Resolution ResolutionOf(const Hierarchy& hierarchy, const std::vector<Given>& given) {
  Resolution resolution;
  for (const Given& one : given) {
    Owner& owner = resolution.owners.emplace_back();
    owner.module = hierarchy.FindModule(one.path);
    owner.evidence = one.evidence;
    owner.tagged = one.tagged;
  }
  return resolution;
}

std::string CountsText(const std::vector<std::pair<std::string, size_t>>& counts) {
  std::string text;
  for (const auto& count : counts) absl::StrAppend(&text, " '", count.first, "' ", count.second);
  return text;
}

std::string ToText(const Report& report) {
  std::string text =
      absl::StrCat(report.tagged, " of ", report.nodes, " tagged, ", report.in_uncalled_functions,
                   " in uncalled functions, root ", report.named_root, " + ", report.unexplained,
                   ":", CountsText(report.unexplained_operators), "\nevidence:");
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    if (report.by_evidence[i] == 0) continue;
    absl::StrAppend(&text, " ", NameOf(static_cast<EvidenceKind>(i)), " ", report.by_evidence[i]);
  }
  absl::StrAppend(&text, "\n", report.called_modules, " of ", report.modules, " modules called",
                  report.calls_known ? ":" : " at most:", CountsText(report.nodes_by_module),
                  "\nwithout:");
  for (const std::string& path : report.called_without_nodes) absl::StrAppend(&text, " ", path);
  absl::StrAppend(&text, "\n");
  for (const std::string& warning : report.warnings) absl::StrAppend(&text, warning, "\n");
  return text;
}

constexpr absl::string_view kModel = R"(
  ""       my.Model    1
  l.0      my.Layer    2
  l.0.q    my.Linear   2
  old      my.Layer    0
  out      my.Linear   0
)";

constexpr absl::string_view kGraph = R"(main (x) => () {
  a = Cast (x)
  b = Identity (x)
  c = Identity (x)
  d = Add (x, x)
  e = If (x) <then_branch = yes () => () { f = Relu (x) }>
}
<domain: "f"> Unused () => () { g = Identity (x) })";

std::string Summary(absl::string_view hierarchy_lines) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(kGraph);
  const Resolution resolution = ResolutionOf(hierarchy, {{"", EvidenceKind::kNone},
                                                         {"", EvidenceKind::kNone},
                                                         {"", EvidenceKind::kNone},
                                                         {"", EvidenceKind::kNodeName},
                                                         {"l.0.q", EvidenceKind::kNodeName},
                                                         {"l.0.q", EvidenceKind::kNodeName, false},
                                                         {"out", EvidenceKind::kValueName}});
  Report report;
  Summarize(graph.view(), hierarchy, resolution.owners, resolution.conflicts, &report);
  return ToText(report);
}

// `out` has a node though it was not called; the implied container `l` counts as no module.
TEST(Summarize, NodesAndModules) {
  EXPECT_EQ(Summary(kModel),
            R"(6 of 7 tagged, 1 in uncalled functions, root 1 + 3: 'Identity' 2 'Cast' 1
evidence: node_name 2 value_name 1 none 3
3 of 5 modules called: '' 4 'l.0.q' 1 'out' 1
without: l.0
)");
}

TEST(Summarize, WhereCallsAreUnknownEachModuleMayHaveBeenCalled) {
  EXPECT_EQ(Summary("\"\" my.Model\nl.0 my.Layer\nl.0.q my.Linear\nold my.Layer\nout my.Linear"),
            R"(6 of 7 tagged, 1 in uncalled functions, root 1 + 3: 'Identity' 2 'Cast' 1
evidence: node_name 2 value_name 1 none 3
5 of 5 modules called at most: '' 4 'l.0.q' 1 'out' 1
without: l.0 old
)");
}

// In shared functions nothing may speak for a node that is not the root's.
TEST(Summarize, UnexplainedNodesOfSharedFunctions) {
  const Hierarchy hierarchy = HierarchyOf(kModel);
  const TextGraph graph("main () => () { a = A ()\n b = B () }");
  Resolution resolution =
      ResolutionOf(hierarchy, {{"l.0", EvidenceKind::kNone}, {"l.0", EvidenceKind::kNodeName}});
  for (Owner& owner : resolution.owners) owner.base = owner.module;
  Report report;
  Summarize(graph.view(), hierarchy, resolution.owners, resolution.conflicts, &report);
  EXPECT_EQ(ToText(report), R"(2 of 2 tagged, 0 in uncalled functions, root 0 + 1: 'A' 1
evidence: node_name 1 none 1
3 of 5 modules called: 'l.0' 2
without:  l.0.q
)");
}

TEST(Summarize, OperatorsOfEqualFrequencyByName) {
  const Hierarchy hierarchy = HierarchyOf("\"\" my.Model");
  const TextGraph graph("main () => () { a = B ()\n b = C ()\n c = A ()\n d = C () }");
  Report report;
  const Resolution resolution =
      ResolutionOf(hierarchy, std::vector<Given>(4, {"", EvidenceKind::kNone}));
  Summarize(graph.view(), hierarchy, resolution.owners, resolution.conflicts, &report);
  EXPECT_EQ(CountsText(report.unexplained_operators), " 'C' 2 'A' 1 'B' 1");
}

TEST(Summarize, Warnings) {
  const Hierarchy hierarchy = HierarchyOf(kModel);
  const TextGraph graph("main () => () { a = A (b)\n a = B (a)\n a = C (b)\n b = D () }");
  Resolution resolution =
      ResolutionOf(hierarchy, std::vector<Given>(4, {"l.0", EvidenceKind::kNodeName}));
  const Conflict conflict{NodeId(1), EvidenceKind::kNodeName, EvidenceKind::kValueName,
                          hierarchy.FindModule("l.0"), Hierarchy::root()};
  resolution.conflicts = {conflict, conflict};
  Report report;
  report.warnings = {"from before"};
  Summarize(graph.view(), hierarchy, resolution.owners, resolution.conflicts, &report);
  EXPECT_EQ(ToText(report), R"(4 of 4 tagged, 0 in uncalled functions, root 0 + 0:
evidence: node_name 4
3 of 5 modules called: 'l.0' 4
without:  l.0.q
from before
2 values are defined twice; the first one counts
2 nodes read what later nodes make, as #0; they are not sorted
2 nodes with evidence for different modules, as #1: node_name says "l.0", value_name says ""
)");
}

TEST(Summarize, FunctionsOfOneNameAreAWarning) {
  const Hierarchy hierarchy = HierarchyOf("\"\" my.Model");
  const TextGraph graph(R"(
    main (x) => () { a = d.F (x) }
    <domain: "d"> F (b) => (c) { c = A (b) }
    <domain: "d", overload: "o"> F (b) => (c) { c = A (b) }
    <domain: "d"> F (b) => (c) { c = B (b) }
  )");
  Report report;
  const Resolution resolution =
      ResolutionOf(hierarchy, std::vector<Given>(4, {"", EvidenceKind::kNodeName}));
  Summarize(graph.view(), hierarchy, resolution.owners, resolution.conflicts, &report);
  EXPECT_EQ(report.warnings,
            std::vector<std::string>({"functions defined twice: 1; the first one counts"}));
}

}  // namespace
}  // namespace modelexport
