#include "modelexport/resolution/function_owners.h"

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

constexpr absl::string_view kModel = R"(
  ""       my.Model
  l.0      my.Layer
  l.0.q    my.Linear
  l.0.q.x  my.Part
  l.1      my.Layer
  l.1.q    my.Linear
)";

// A line for each node. A node's name is the path that the evidence gives it ("root" for the root);
// nodes without a name have none.
std::string Place(absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(kModel);
  const TextGraph graph(model);
  const GraphView& view = graph.view();
  std::vector<Owner> owners(view.num_nodes());
  for (size_t i = 0; i < owners.size(); ++i) {
    const absl::string_view name = view.name(NodeId(i));
    owners[i].module = hierarchy.FindModule(name == "root" ? "" : name);
    if (!name.empty()) owners[i].evidence = EvidenceKind::kNodeName;
    EXPECT_TRUE(owners[i].module.valid()) << name;
  }
  PlaceFunctionBodies({view, hierarchy}, &owners);
  const auto path = [&](ModuleId id) {
    const absl::string_view text = hierarchy.module(id).path;
    return text.empty() ? "." : text;
  };
  std::string text;
  for (size_t i = 0; i < owners.size(); ++i) {
    const Owner& owner = owners[i];
    absl::StrAppend(&text, view.Place(NodeId(i)), " ");
    if (!owner.tagged) {
      absl::StrAppend(&text, "untagged\n");
      continue;
    }
    absl::StrAppend(&text, path(owner.module), owner.base.valid() ? " below " : "",
                    owner.base.valid() ? path(owner.base) : "", " ", NameOf(owner.evidence), "\n");
  }
  return text;
}

TEST(FunctionOwners, WithoutFunctionsNothingChanges) {
  EXPECT_EQ(Place("main () => () { [l.0] a = A ()\n b = B () }"), "#0 l.0 node_name\n#1 . none\n");
}

TEST(FunctionOwners, WhatNothingCallsIsNotTagged) {
  EXPECT_EQ(Place(R"(main () => () { [l.0] a = f.Other () }
    <domain: "f"> Layer () => () { [l.0] a = A () }
    <domain: "f"> Outer () => () { [l.0] a = f.Layer () }
  )"),
            "#0 l.0 node_name\nfunction:f:Layer:#0 untagged\nfunction:f:Outer:#0 untagged\n");
}

TEST(FunctionOwners, ASingleChainOfCallsKeepsWhatTheEvidenceSays) {
  EXPECT_EQ(Place(R"(main () => () { [l.0] a = f.Outer () }
    <domain: "f"> Layer () => () { [l.0.q] a = A ()
                                   b = B () }
    <domain: "f"> Outer () => () { [l.0] a = f.Layer () }
  )"),
            R"(#0 l.0 node_name
function:f:Layer:#0 l.0.q node_name
function:f:Layer:#1 l.0 inherited
function:f:Outer:#0 l.0 node_name
)");
}

// The evidence speaks of the one call that the body was made from.
TEST(FunctionOwners, SharedBodiesAreRelativeToTheirCallers) {
  EXPECT_EQ(Place(R"(main () => () { [l.0] a = f.Layer ()
                                     [l.1] b = f.Layer () }
    <domain: "f"> Layer () => () { [l.1.q] a = A ()
                                   [l.1] b = B ()
                                   c = C ()
                                   [root] d = D () }
  )"),
            R"(#0 l.0 node_name
#1 l.1 node_name
function:f:Layer:#0 l.1.q below l.1 node_name
function:f:Layer:#1 l.1 below l.1 node_name
function:f:Layer:#2 l.0 below l.0 none
function:f:Layer:#3 l.0 below l.0 none
)");
}

TEST(FunctionOwners, OfNestedCallersTheInnermostIsTheBase) {
  EXPECT_EQ(Place(R"(main () => () { [root] a = f.Layer ()
                                     [l.0] b = f.Layer () }
    <domain: "f"> Layer () => () { [l.0.q] a = A () }
  )"),
            "#0 . node_name\n#1 l.0 node_name\nfunction:f:Layer:#0 l.0.q below l.0 node_name\n");
}

// One call node, but two ways to it.
TEST(FunctionOwners, NestedFunctionsAreAsSharedAsTheirCallers) {
  EXPECT_EQ(Place(R"(main () => () { [l.0] a = f.Outer ()
                                     [l.1] b = f.Outer () }
    <domain: "f"> Inner () => () { [l.0.q.x] a = A () }
    <domain: "f"> Outer () => () { [l.0.q] a = f.Inner () }
  )"),
            R"(#0 l.0 node_name
#1 l.1 node_name
function:f:Inner:#0 l.0.q.x below l.0.q node_name
function:f:Outer:#0 l.0.q below l.0 node_name
)");
}

TEST(FunctionOwners, BodiesInFunctionsAndCallsInBodies) {
  EXPECT_EQ(Place(R"(main (x) => () {
      [l.0] a = If (x) <then_branch = yes () => (t) { [l.0] t = f.Layer () },
                        else_branch = no () => (e) { [l.1] e = f.Layer () }>
    }
    <domain: "f"> Layer () => () {
      [l.1] a = If (x) <then_branch = yes () => (t) { [l.1.q] t = A () }>
    }
  )"),
            R"(#0 l.0 node_name
function:f:Layer:#0 l.1 below l.1 node_name
/0:then_branch#0 l.0 node_name
/0:else_branch#0 l.1 node_name
function:f:Layer:/0:then_branch#0 l.1.q below l.1 node_name
)");
}

// Domain, name and overload together are the name of a function.
TEST(FunctionOwners, OverloadsAndDomainsAreFunctionsOfTheirOwn) {
  EXPECT_EQ(Place(R"(main () => () { [l.0] a = f.Layer:two () }
    <domain: "f"> Layer () => () { [l.0] a = A () }
    <domain: "f", overload: "two"> Layer () => () { [l.0.q] a = A () }
    <domain: "g", overload: "two"> Layer () => () { [l.0] a = A () }
  )"),
            R"(#0 l.0 node_name
function:f:Layer:#0 untagged
function:f:Layer:two#0 l.0.q node_name
function:g:Layer:two#0 untagged
)");
}

// ONNX forbids them; a file may hold them all the same.
TEST(FunctionOwners, FunctionsThatCallThemselvesEnd) {
  EXPECT_EQ(Place(R"(main () => () { [l.0] a = f.A () }
    <domain: "f"> A () => () { [l.0.q] a = f.B () }
    <domain: "f"> B () => () { [l.0.q.x] a = f.A () }
    <domain: "f"> C () => () { [l.0] a = f.C () }
  )"),
            R"(#0 l.0 node_name
function:f:A:#0 l.0.q below l.0 node_name
function:f:B:#0 l.0.q.x below l.0.q node_name
function:f:C:#0 untagged
)");
}

TEST(FunctionOwners, AChainOfManyFunctionsNeedsNoDeepStack) {
  constexpr int kFunctions = 100000;
  std::string model = "main () => () { [l.0] a = f.F0 () }\n";
  for (int i = 0; i < kFunctions; ++i) {
    absl::StrAppend(&model, "<domain: \"f\"> F", i, " () => () { [l.0] a = f.F", i + 1, " () }\n");
  }
  const std::string text = Place(model);
  EXPECT_EQ(text.find("untagged"), std::string::npos);
  EXPECT_EQ(text.find("below"), std::string::npos);
}

TEST(FunctionOwners, WhatIsCalledOnceBelongsToItsCallerWhereNothingElseIsKnown) {
  EXPECT_EQ(Place(R"(main () => () { [l.0] a = f.Outer ()
 b = f.Alone () }
    <domain: "f"> Inner () => () { a = A ()
 [l.0.q] b = B () }
    <domain: "f"> Outer () => () { a = f.Inner () }
    <domain: "f"> Alone () => () { a = A () }
    <domain: "f"> Unused () => () { [l.1] a = f.Inner () }
  )"),
            "#0 l.0 node_name\n#1 . none\n"
            "function:f:Inner:#0 l.0 inherited\nfunction:f:Inner:#1 l.0.q node_name\n"
            "function:f:Outer:#0 l.0 inherited\n"
            "function:f:Alone:#0 . none\nfunction:f:Unused:#0 untagged\n");
}

}  // namespace
}  // namespace modelexport
