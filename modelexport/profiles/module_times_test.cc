#include "modelexport/profiles/module_times.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/profiles/flame.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/test_owned.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// A model whose nodes have owners that a test lists, in the order of nodes; "" is no known module.
class Owned {
 public:
  Owned(absl::string_view model, absl::string_view hierarchy, const std::vector<std::string>& paths)
      : graph_(model), hierarchy_(testing::HierarchyOf(hierarchy)) {
    EXPECT_EQ(graph_.view().num_nodes(), paths.size());
    for (const std::string& path : paths) {
      Owner& owner = owners_.emplace_back();
      owner.module = path == "." || path.empty() ? Hierarchy::root() : hierarchy_.FindModule(path);
      if (!path.empty()) owner.evidence = EvidenceKind::kNodeName;
      EXPECT_TRUE(owner.module.valid()) << path;
    }
  }

  OwnedGraph view() const { return {graph_.view(), hierarchy_, owners_}; }

 private:
  const TextGraph graph_;
  const Hierarchy hierarchy_;
  std::vector<Owner> owners_;
};

Kernel Of(std::string name, std::string op_type, absl::optional<uint32_t> position, double own = 1,
          uint32_t parent = Kernel::kNone) {
  Kernel kernel;
  kernel.name = std::move(name);
  kernel.op_type = std::move(op_type);
  kernel.position = position;
  kernel.own = own;
  kernel.parent = parent;
  kernel.executions = 1;
  return kernel;
}

// The place of each kernel's node, and the kernel that contradicts the model.
std::string NodesText(const Owned& model, const std::vector<Kernel>& kernels) {
  const KernelNodes found = FindKernelNodes(model.view(), kernels);
  std::vector<std::string> places;
  for (NodeId node : found.nodes) {
    places.push_back(node.valid() ? model.view().graph.Place(node) : "-");
  }
  return absl::StrCat(absl::StrJoin(places, " "), found.contradicted == Kernel::kNone
                                                      ? ""
                                                      : absl::StrCat(", not ", found.contradicted));
}

constexpr char kModules[] = R"("" my.Net
    a my.A
    a.q my.Q
    b my.B)";

TEST(KernelNodes, ByNameAndOperator) {
  const Owned model(R"(main (x) => (y) {
                         [first] p = Add (x, x)
                         [second] q = Relu (p)
                         [third] y = Neg (q)
                       })",
                    kModules, {"a", "b", "b"});
  EXPECT_EQ(NodesText(model, {Of("second", "Relu", 1), Of("first", "Add", 7), Of("third", "", {}),
                              Of("fourth", "Neg", 2)}),
            "#1 #0 #2 -");
  EXPECT_EQ(NodesText(model, {Of("second", "Relu", 1), Of("first", "FusedAdd", 0)}), "#1 -, not 1");
}

// ONNX Runtime calls them by the operator and the position among those that are no Constants.
TEST(KernelNodes, NodesWithoutANameAreFoundByTheirPosition) {
  const Owned model(R"(main (x) => (y) {
                         c = Constant <value = float {1}> ()
                         p = Neg (x)
                         [Neg_1] q = Neg (p)
                         r = Neg (q)
                         [Relu_4] s = Add (r, c)
                         y = Relu (s)
                       })",
                    kModules, {"a", "a", "b", "a.q", "b", "b"});
  EXPECT_EQ(
      NodesText(model, {Of("Neg_0", "Neg", 0), Of("Neg_1", "Neg", 1), Of("Neg_2", "Neg", 2),
                        Of("Relu_4", "Add", 3), Of("Relu_4", "Relu", 4), Of("Relu_3", "Relu", 3)}),
      "#1 #2 #3 #4 #5 -");
  // By its name, wherever it was when a session optimised it.
  EXPECT_EQ(NodesText(model, {Of("Neg_1", "Neg", 9)}), "#2");
}

TEST(KernelNodes, NamesMayRepeatInBodies) {
  const Owned model(R"(main (c, x) => (y) {
                         [n] p = Neg (x)
                         [left] q = If (c) <
                           then_branch = t () => (u) { [m] v = Abs (p)  [n] u = Neg (v) },
                           else_branch = e () => (w) { [n] w = Neg (p) }>
                         [right] y = If (c) <
                           then_branch = t2 () => (u2) { [n] u2 = Neg (q) },
                           else_branch = e2 () => (w2) { w2 = Neg (q) }>
                       })",
                    kModules, {"a", "b", "b", "a.q", "a.q", "a.q", "b", "."});
  // The nodes of bodies come before the parent in the profile's file, but after it here.
  EXPECT_EQ(NodesText(model, {Of("n", "Neg", 0), Of("left", "If", 1), Of("n", "Neg", 1, 1, 1),
                              Of("n", "Neg", 0, 1, 1), Of("right", "If", 2),
                              Of("n", "Neg", 0, 1, 4), Of("Neg_0", "Neg", 0, 1, 4)}),
            "#0 #1 /1:then_branch#1 /1:else_branch#0 #2 /2:then_branch#0 /2:else_branch#0");
}

TEST(KernelNodes, OfSeveralWithOneOwnerTheFirst) {
  const Owned model(R"(main (x) => (y) { [n] p = Neg (x)  [n] q = Neg (p)
                                         [k] r = Neg (q)  [k] y = Neg (r) })",
                    kModules, {"a", "a", "a", "b"});
  EXPECT_EQ(NodesText(model, {Of("n", "Neg", {}), Of("k", "Neg", {}), Of("k", "Neg", 3)}),
            "#0 - #3");
}

std::string Text(const std::string& name, const TimeSum& own, const TimeSum& total) {
  return absl::StrCat(name, ": ", own.time, " / ", total.time, " in ", total.executions, "\n");
}

std::string TimesText(const Owned& model, const std::vector<Kernel>& kernels,
                      FusedLayers fused = FusedLayers::kSplit, const MacsOfNodes& macs = {}) {
  const ModuleRows rows(model.view(), Folding::kOff);
  const KernelNodes nodes = FindKernelNodes(model.view(), kernels);
  const KernelShares shares = SharesOf(kernels, nodes, model.view(), fused, macs);
  const TimesOfModel times = TimesOf(kernels, nodes, shares, rows);
  std::string text;
  for (uint32_t r = 0; r < rows.rows().size(); ++r) {
    text += Text(absl::StrCat("\"", rows.Path(r), "\"", times.rows[r].divided ? "*" : ""),
                 times.rows[r].own, times.rows[r].total);
  }
  return text + Text("none", times.unknown_nodes, times.unattributed) +
         Text("all", times.all, times.all);
}

const char kThreeNodes[] = R"(main (x) => (y) {
    [first] p = Add (x, x)
    [second] q = Relu (p)
    [third] r = Neg (q)
    [fourth] y = Neg (r)
  })";

TEST(ModuleTimes, AddUp) {
  const Owned model(kThreeNodes, kModules, {"a", "a.q", "b", ""});
  EXPECT_EQ(TimesText(model, {Of("first", "Add", 0, 3), Of("second", "Relu", 1, 40),
                              Of("third", "Neg", 2, 500), Of("fourth", "Neg", 3, 6000),
                              Of("other", "Neg", 4, 70000)}),
            R"("": 0 / 543 in 3
"a": 3 / 43 in 2
"a.q": 40 / 40 in 1
"b": 500 / 500 in 1
none: 70000 / 76000 in 2
all: 76543 / 76543 in 5
)");
}

Kernel Layer(std::string name, std::vector<std::string> parts, double own, bool are_ends = false) {
  Kernel kernel = Of(std::move(name), "", {}, own);
  kernel.parts = std::move(parts);
  kernel.parts_are_ends = are_ends;
  return kernel;
}

TEST(ModuleTimes, LayersOfSeveralNodesAreDivided) {
  const Owned model(R"(main (x) => (y) <float[9] small = {1, ...}, float[99] large = {1, ...}> {
                         [first] p = Add (x, small)
                         [second] q = Mul (p, large)
                         [third] r = Neg (q)
                         [fourth] y = Neg (r)
                       })",
                    kModules, {"a", "a.q", "b", ""});
  const std::vector<Kernel> kernels = {
      Layer("two, and a weight", {"first", "second", "small"}, 8),
      Layer("one unattributed", {"third", "fourth"}, 40),
      Layer("one", {"third"}, 100),
      Layer("ends", {"first", "second"}, 400, /*are_ends=*/true),
      Layer("unknown", {"none"}, 1000),
      Layer("an unknown end", {"first", "none"}, 7000, /*are_ends=*/true)};
  EXPECT_EQ(TimesText(model, kernels), R"("": 0 / 528 in 3.5
"a"*: 404 / 408 in 2
"a.q"*: 4 / 4 in 0.5
"b": 120 / 120 in 1.5
none: 1000 / 8020 in 2.5
all: 8548 / 8548 in 6
)");
  EXPECT_EQ(TimesText(model, kernels, FusedLayers::kOwner), R"("": 0 / 548 in 4
"a"*: 400 / 408 in 2
"a.q"*: 8 / 8 in 1
"b": 140 / 140 in 2
none: 1000 / 8000 in 2
all: 8548 / 8548 in 6
)");
}

// Their time is their owner's; how much of it that is, is known.
TEST(ModuleTimes, NodesThatDoTheWorkOfOtherModulesToo) {
  const testing::TestOwned model(R"(main (x) => (y) {
                                      ["a also a.q also b"] p = Conv (x, w)
                                      [a] q = Neg (p)
                                      [b] y = Neg (q)
                                    })",
                                 kModules);
  const std::vector<Kernel> kernels = {Of("a also a.q also b", "Conv", 0, 30), Of("a", "Neg", 1, 4),
                                       Of("b", "Neg", 2, 500)};
  const ModuleRows rows(model.owned(), Folding::kOff);
  const KernelNodes nodes = FindKernelNodes(model.owned(), kernels);
  const KernelShares shares =
      SharesOf(kernels, nodes, model.owned(), FusedLayers::kSplit, MacsOfNodes());
  const TimesOfModel times = TimesOf(kernels, nodes, shares, rows);
  std::string text;
  for (uint32_t r = 0; r < rows.rows().size(); ++r) {
    text +=
        Text(absl::StrCat("\"", rows.Path(r), "\""), times.rows[r].own, times.rows[r].with_others);
  }
  EXPECT_EQ(text, R"("": 0 / 0 in 0
"a": 34 / 30 in 1
"a.q": 0 / 0 in 0
"b": 500 / 0 in 0
)");
  EXPECT_EQ(times.with_others.time, 30);
}

// What computes nothing that counts has no part. Where one node's MACs are unknown all are equal.
TEST(ModuleTimes, LayersAreDividedByMacs) {
  const Owned model(kThreeNodes, kModules, {"a", "a.q", "b", ""});
  const std::vector<Kernel> kernels = {Layer("known", {"first", "second", "third"}, 80),
                                       Layer("one unknown", {"third", "fourth"}, 600),
                                       Layer("nothing counts", {"second", "third"}, 7000)};
  const MacsOfNodes macs = {300, 0, 100, absl::nullopt};
  EXPECT_EQ(TimesText(model, {kernels[0]}, FusedLayers::kSplit, macs), R"("": 0 / 80 in 1
"a"*: 60 / 60 in 0.75
"a.q": 0 / 0 in 0
"b"*: 20 / 20 in 0.25
none: 0 / 0 in 0
all: 80 / 80 in 1
)");
  EXPECT_EQ(TimesText(model, {kernels[1]}, FusedLayers::kSplit, macs), R"("": 0 / 300 in 0.5
"a": 0 / 0 in 0
"a.q": 0 / 0 in 0
"b": 300 / 300 in 0.5
none: 0 / 300 in 0.5
all: 600 / 600 in 1
)");
  EXPECT_EQ(TimesText(model, {kernels[2]}, FusedLayers::kSplit, {1, 0, 0, 1}),
            R"("": 0 / 7000 in 1
"a": 0 / 3500 in 0.5
"a.q"*: 3500 / 3500 in 0.5
"b"*: 3500 / 3500 in 0.5
none: 0 / 0 in 0
all: 7000 / 7000 in 1
)");
}

TEST(Flames, AreKernelsWithTheModulesAround) {
  const Owned model(kThreeNodes, kModules, {"a", "a.q", ".", "a.q"});
  const std::vector<Kernel> kernels = {Of("first", "Add", 0, 3), Of("second", "Relu", 1, 40),
                                       Of("third", "Neg", 2, -1), Of("fourth", "Neg", 3, 6),
                                       Of("other", "Neg", 4, 7)};
  const ModuleRows rows(model.view(), Folding::kOff);
  const KernelNodes nodes = FindKernelNodes(model.view(), kernels);
  const KernelShares shares = SharesOf(kernels, nodes, model.view(), FusedLayers::kSplit, {});
  const std::vector<Flame> flames = FlamesOf(kernels, shares, rows);
  std::string text;
  for (const Flame& flame : flames) {
    absl::StrAppend(&text, absl::StrJoin(flame.frames, ";"), " ", flame.time, "\n");
  }
  EXPECT_EQ(text, R"((root);a;first 3
(root);a;q;second 40
(root);third -1
(root);a;q;fourth 6
(not attributed);other 7
)");
  std::string spans;
  for (const FlameSpan& span : SpansOf(flames)) {
    absl::StrAppend(&spans, span.is_kernel ? "kernel " : "", span.name, " ", span.begin, "+",
                    span.duration, "\n");
  }
  EXPECT_EQ(spans, R"((root) 0+49
a 0+43
kernel first 0+3
q 3+40
kernel second 3+40
kernel third 43+0
a 43+6
q 43+6
kernel fourth 43+6
(not attributed) 49+7
kernel other 49+7
)");
}

}  // namespace
}  // namespace modelexport
