#include "modelexport/ownership/confidence.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/resolution/resolver.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A line for each node: "#1 Relu: a by node_name, 0.999".
std::string Judged(absl::string_view hierarchy_lines, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(model);
  const Strategy strategy = StandardStrategies()[0];
  const Evidence evidence = GatherEvidence(MatchContext(graph.view(), hierarchy), strategy, false);
  const Resolution resolution = Resolve(evidence.context, strategy, evidence.results);
  const bool aligned = !hierarchy.ops().empty();
  const std::vector<float> sure = JudgeOwners({evidence.context, strategy, evidence.results,
                                               aligned ? &PlacementOf(evidence.context) : nullptr},
                                              resolution.owners);
  std::string text;
  for (size_t n = 0; n < sure.size(); ++n) {
    const Owner& owner = resolution.owners[n];
    const absl::string_view path = hierarchy.module(owner.module).path;
    absl::StrAppend(&text, graph.view().Place(NodeId(n)), " ", graph.view().op_type(NodeId(n)),
                    ": ", path.empty() ? "." : path, " by ", NameOf(owner.evidence),
                    absl::StrFormat(", %g\n", sure[n]));
  }
  return text;
}

constexpr absl::string_view kModules = R"(
  ""       my.Net   1
  a        my.A     1
  a.act    my.Act   1
  a.fc     my.Fc    1
  b        my.B     1
  call ""
    call a
      call a.fc
      call a.act
    call b
)";

TEST(Confidence, ANameThatIsKnownToItsEnd) {
  EXPECT_EQ(Judged(kModules,
                   "main (x) => (y) { [/a/fc/MatMul] v = MatMul (x, x) "
                   "[/a/Add] w = Add (v, x) [/b/Relu] y = Relu (w) }"),
            "#0 MatMul: a.fc by node_name, 0.999\n"
            "#1 Add: a by node_name, 0.999\n"
            "#2 Relu: b by node_name, 0.999\n");
}

// The rest of the name may be a module that the hierarchy lacks.
TEST(Confidence, ANameOfWhichOnlyTheBeginningIsKnown) {
  EXPECT_EQ(Judged(kModules,
                   "main (x) => (y) { [/a/other/Mul] v = Mul (x, x) "
                   "[/b/other/Mul] w = Mul (v, x) [/a/fc/MatMul] y = MatMul (w, x) }"),
            "#0 Mul: a by node_name, 0.02\n"
            "#1 Mul: b by node_name, 0.999\n"
            "#2 MatMul: a.fc by node_name, 0.999\n");
}

// a.act has no node: what runs within `a` may be its.
TEST(Confidence, BetweenNodesOfAModuleWithOthersBelow) {
  EXPECT_EQ(Judged(kModules,
                   "main (x) => (y) { [/a/fc/MatMul] v = MatMul (x, x) w = Tanh (v) "
                   "[/a/Add] z = Add (w, x) u = Tanh (z) }"),
            "#0 MatMul: a.fc by node_name, 0.999\n"
            "#1 Tanh: a by dataflow, 0.24\n"
            "#2 Add: a by node_name, 0.999\n"
            "#3 Tanh: . by none, 0.1\n");
  EXPECT_EQ(Judged(kModules,
                   "main (x) => (y) { [/a/fc/MatMul] v = MatMul (x, x) w = Tanh (v) "
                   "[/a/act/Add] z = Add (w, x) }"),
            "#0 MatMul: a.fc by node_name, 0.999\n"
            "#1 Tanh: a by dataflow, 0.45\n"
            "#2 Add: a.act by node_name, 0.999\n");
}

TEST(Confidence, BetweenNodesOfAModuleWithoutOthersBelow) {
  EXPECT_EQ(Judged(kModules,
                   "main (x) => (y) { [/b/MatMul] v = MatMul (x, x) w = Tanh (v) "
                   "[/b/Add] z = Add (w, x) }"),
            "#0 MatMul: b by node_name, 0.999\n"
            "#1 Tanh: b by dataflow, 0.93\n"
            "#2 Add: b by node_name, 0.999\n");
}

TEST(Confidence, AConstantIsAsSureAsItsConsumers) {
  EXPECT_EQ(Judged(kModules,
                   "main (x) => (y) { c = Constant <value_float = 1.0> () "
                   "[/a/Add] v = Add (x, c) "
                   "q = QuantizeLinear (v, c) [/b/Add] y = Add (q, x) }"),
            "#0 Constant: . by none, 0.1\n"
            "#1 Add: a by node_name, 0.999\n"
            "#2 QuantizeLinear: a by inherited, 0.999\n"
            "#3 Add: b by node_name, 0.999\n");
}

TEST(Confidence, ByWhatIsRead) {
  EXPECT_EQ(Judged(R"(
                     ""  my.Net  1
                     b   my.B    1
                     tensor b.weight float32[2]
                   )",
                   "main (x) => (y) <float[2] b.weight = {1, 2}> { y = MatMul (x, b.weight) }"),
            "#0 MatMul: b by parameter, 0.975\n");
}

// Both modules run an `mm`: which is which only the order and the nodes behind them tell.
TEST(Confidence, AnAlignmentByHowMuchItPrefers) {
  const absl::string_view run = R"(
    ""  my.Net  1
    a   my.A    1
    b   my.B    1
    call ""
      call a
        op mm = aten.mm.default
        op relu = aten.relu.default mm
      call b
        op mm_1 = aten.mm.default relu
        op tanh = aten.tanh.default mm_1
    ops_source dispatch
  )";
  EXPECT_EQ(Judged(run,
                   "main (x) => (y) { v = MatMul (x, x) w = Relu (v) z = MatMul (w, x) "
                   "y = Tanh (z) }"),
            "#0 MatMul: a by trace, 0.98\n"
            "#1 Relu: a by trace, 0.99\n"
            "#2 MatMul: b by trace, 0.92\n"
            "#3 Tanh: b by trace, 0.99\n");
}

}  // namespace
}  // namespace modelexport
