#include "modelexport/ownership/evidence_use.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/evidence/tensors/tensor_matchers.h"
#include "modelexport/evidence/trace/trace_matcher.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A line for each kind: "node_name 3" or "trace: the sidecar has no ops".
std::string Uses(absl::string_view hierarchy_lines, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(model);
  const MatchContext context{graph.view(), hierarchy};
  const Strategy strategy = {
      "some",
      {std::make_shared<ScopeNameMatcher>(EvidenceKind::kNodeName),
       std::make_shared<FxNameMatcher>(), std::make_shared<ParameterMatcher>(),
       std::make_shared<FingerprintMatcher>(), std::make_shared<TraceMatcher>()}};
  std::string text;
  for (const EvidenceUse& use :
       EvidenceUsed(context, strategy, GatherEvidence(context, strategy, false).results)) {
    absl::StrAppend(&text, NameOf(use.kind), use.nodes > 0 ? " " : ": ",
                    use.nodes > 0 ? absl::StrCat(use.nodes) : use.why_not, "\n");
  }
  return text;
}

TEST(EvidenceUse, SectionsThatTheSidecarLacks) {
  EXPECT_EQ(Uses("\"\" my.Net\na my.A", "main (x) => (y) { [/a/Relu] y = Relu (x) }"),
            "node_name 1\n"
            "fx_name: the sidecar has no ops\n"
            "parameter: the model has none\n"
            "fingerprint: the sidecar has no stats of tensors\n"
            "trace: the sidecar has no ops\n");
}

TEST(EvidenceUse, OperatorsOfAnotherRun) {
  EXPECT_EQ(Uses(R"(
    "" my.Net
    a  my.A
    call ""
      call a
        op relu = aten.relu.default
    ops_source torch_export
    )",
                 "main (x) => (y) { [/b/Relu] relu = Relu (x) }"),
            "node_name: nothing of it resolves\n"
            "fx_name: nothing of it resolves\n"
            "parameter: the model has none\n"
            "fingerprint: the sidecar has no stats of tensors\n"
            "trace 1\n");
}

}  // namespace
}  // namespace modelexport
