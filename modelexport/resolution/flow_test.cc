#include "modelexport/resolution/flow.h"

#include <string>
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

constexpr absl::string_view kModules = R"(
  ""      my.Model 1
  enc     my.Enc   1
  enc.a   my.A     2
  enc.b   my.B     1
  dec     my.Dec   1
  call ""
    call enc
      call enc.a
      call enc.b
      call enc.a
    call dec
)";

// A node named "module" or "module@<ordinal of its call>" has that owner, "." is the root; all
// others are open. Returns a line for each node that was open.
std::string Spread(absl::string_view hierarchy_lines, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(model);
  std::vector<Owner> owners(graph.view().num_nodes());
  std::vector<bool> open(owners.size());
  for (size_t n = 0; n < owners.size(); ++n) {
    const absl::string_view name = graph.view().name(NodeId(n));
    const size_t at = name.find('@');
    const absl::string_view path = name.substr(0, at);
    owners[n].module = Hierarchy::root();
    open[n] = name.empty();
    if (open[n]) continue;
    owners[n].module = path == "." ? Hierarchy::root() : hierarchy.FindModule(path);
    owners[n].evidence = EvidenceKind::kNodeName;
    for (size_t c = 0; c < hierarchy.calls().size() && at != name.npos; ++c) {
      const Call& call = hierarchy.calls()[c];
      if (call.module == owners[n].module && absl::StrCat(call.ordinal) == name.substr(at + 1)) {
        owners[n].call = CallId(c);
      }
    }
  }
  SpreadAlongFlow({graph.view(), hierarchy}, &owners);
  std::string text;
  for (size_t n = 0; n < owners.size(); ++n) {
    if (!open[n]) continue;
    const absl::string_view path = hierarchy.module(owners[n].module).path;
    absl::StrAppend(&text, graph.view().Place(NodeId(n)), " ", graph.view().op_type(NodeId(n)),
                    " -> ", path.empty() ? "." : path, " ", NameOf(owners[n].evidence), "\n");
  }
  return text;
}

TEST(Flow, BetweenNodesOfOneCallIsThatCall) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (w) {
      [enc.b] y = Mul (x)
      z = Relu (y)
      z2 = Abs (z)
      [enc.b] w = Add (z2, y)
    })"),
            "#1 Relu -> enc.b dataflow\n#2 Abs -> enc.b dataflow\n");
}

TEST(Flow, BetweenDifferentCallsIsTheInnermostAroundBoth) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (w) {
      ["enc.a@0"] y = Mul (x)
      z = Relu (y)
      [enc.b] w = Add (z)
    })"),
            "#1 Relu -> enc dataflow\n");
}

// What runs between two calls of `a` is not a part of `a`.
TEST(Flow, BetweenTwoCallsOfOneModuleIsTheirCaller) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (w) {
      ["enc.a@0"] y = Mul (x)
      z = Relu (y)
      ["enc.a@1"] w = Add (z)
    })"),
            "#1 Relu -> enc dataflow\n");
}

TEST(Flow, TheRootIsNeverGiven) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (w) {
      [enc.b] y = Mul (x)
      z = Relu (y)
      [dec] w = Add (z)
    })"),
            "#1 Relu -> . none\n");
}

// A mask is computed from the model's input long before the first that reads it.
TEST(Flow, OneSideAloneRestrictsNothing) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (v, w) {
      m = Cast (x)
      [enc.b] v = Add (m)
      w = Relu (v)
    })"),
            "#0 Cast -> . none\n#2 Relu -> . none\n");
}

// The residual reaches from before `enc` to behind it; the pair within `enc` is closer.
TEST(Flow, OfAllPairsTheInnermostCounts) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (v, w) {
      ["."] r = Mul (x)
      ["enc.a@0"] y = Mul (r)
      z = Add (y, r)
      [enc.b] v = Relu (z)
      [dec] w = Relu (z)
    })"),
            "#2 Add -> enc dataflow\n");
}

TEST(Flow, AConstantBelongsWithItsConsumers) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (v, w) {
      c = Constant <value = float[1] {1}> ()
      d = Constant <value = float[1] {2}> ()
      ["enc.a@0"] y = Add (x, c)
      [enc.b] v = Add (y, d)
      ["enc.a@1"] w = Add (v, d)
    })"),
            "#0 Constant -> enc.a dataflow\n#1 Constant -> enc dataflow\n");
}

// ConstantOfShape and what follows may have run anywhere around `b`: no guess.
TEST(Flow, WhatIsComputedFromConstantsIsLeftAlone) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (y) {
      c = Constant <value = int64[1] {4}> ()
      d = ConstantOfShape (c)
      e = Cast (d)
      [enc.b] y = Add (x, e)
    })"),
            "#0 Constant -> . none\n#1 ConstantOfShape -> . none\n#2 Cast -> . none\n");
}

TEST(Flow, QuantizationServesTheProducerOnActivationsAndTheConsumerOnWeights) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (v) <float[4] w = {1, ...}, float s = {1}> {
      ["enc.a@0"] y = Mul (x)
      q = QuantizeLinear (y, s)
      d = DequantizeLinear (q, s)
      dw = DequantizeLinear (w, s)
      [enc.b] v = Add (d, dw)
    })"),
            "#1 QuantizeLinear -> enc.a inherited\n#2 DequantizeLinear -> enc.a inherited\n"
            "#3 DequantizeLinear -> enc.b inherited\n");
}

TEST(Flow, ABodyInheritsFromTheNodeThatHoldsIt) {
  EXPECT_EQ(Spread(kModules, R"(main (c, x) => (y) {
      [enc.b] y = If (c) <
        then_branch = yes () => (t) {
          u = Relu (x)
          t = If (c) <
            then_branch = deep () => (d) { d = Abs (u) },
            else_branch = other () => (o) { [dec] o = Neg (u) }
          >
        },
        else_branch = no () => (e) { e = Neg (x) }
      >
    })"),
            "/0:then_branch#0 Relu -> enc.b inherited\n/0:then_branch#1 If -> enc.b inherited\n"
            "/0:else_branch#0 Neg -> enc.b inherited\n"
            "/0:then_branch/1:then_branch#0 Abs -> enc.b inherited\n");
}

TEST(Flow, OwnersWithEvidenceStay) {
  EXPECT_EQ(Spread(kModules, R"(main (x) => (w) {
      [enc.b] y = Mul (x)
      [dec] z = Relu (y)
      [enc.b] w = Add (z)
    })"),
            "");
}

}  // namespace
}  // namespace modelexport
