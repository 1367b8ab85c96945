#include "modelexport/evidence/flow_sides.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

constexpr absl::string_view kModules = R"(
  ""     my.Model
  enc    my.Enc
  enc.a  my.A
  enc.b  my.B
  dec    my.Dec
  call ""
    call enc
      call enc.a
      call enc.b
    call dec
)";

// A node named after a module ran there; of all others nothing is known. A line for each of those:
// the module that encloses it.
std::string Enclosing(absl::string_view model) {
  const Hierarchy hierarchy = testing::HierarchyOf(kModules);
  const testing::TextGraph graph(model);
  const CallTree calls(hierarchy);
  std::vector<CallSite> known(graph.view().num_nodes());
  for (size_t n = 0; n < known.size(); ++n) {
    const absl::string_view name = graph.view().name(NodeId(n));
    if (!name.empty()) known[n] = calls.PlaceOf(hierarchy.FindModule(name), CallId());
  }
  const FlowSides sides(graph.view(), calls, known, nullptr);
  std::string text;
  for (size_t n = 0; n < known.size(); ++n) {
    if (known[n].valid()) continue;
    const CallSite site = sides.Between(NodeId(n));
    const absl::string_view path = site.valid() ? hierarchy.module(site.module).path : "unknown";
    absl::StrAppend(&text, graph.view().op_type(NodeId(n)), ": ", path.empty() ? "." : path, "\n");
  }
  return text;
}

TEST(FlowSides, ANodeRanWithinTheInnermostCallAroundWhatIsBeforeAndBehindIt) {
  EXPECT_EQ(Enclosing(R"(main (x) => (z) {
      a = Abs (x)
      [enc.a] b = Add (a, x)
      c = Cos (b)
      d = Div (c, x)
      [enc.b] e = Exp (d)
      f = Floor (e)
      [dec] z = Mul (f, x)
    })"),
            "Abs: unknown\nCos: enc\nDiv: enc\nFloor: .\n");
}

// Each pair of a node before and a node behind holds by itself.
TEST(FlowSides, TheInnermostOfAllPairsCounts) {
  EXPECT_EQ(Enclosing(R"(main (x) => (z) {
      [enc.a] a = Abs (x)
      [dec] b = Cos (x)
      c = Div (a, b)
      [enc.a] d = Exp (c)
      [dec] z = Mul (c, d)
    })"),
            "Div: enc.a\n");
}

TEST(FlowSides, WithoutAnEndNothingIsKnown) {
  EXPECT_EQ(Enclosing("main (x) => (z) { [enc] y = Abs (x)\n z = Cos (y) }"), "Cos: unknown\n");
  EXPECT_EQ(Enclosing("main (x) => (x) {}"), "");
}

}  // namespace
}  // namespace modelexport
