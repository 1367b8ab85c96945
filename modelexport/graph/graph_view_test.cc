#include "modelexport/graph/graph_view.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// One line for each value in the order of values():
// name in graph, what it is: who reads it.
std::string ValuesOf(const GraphView& view) {
  std::string out;
  for (size_t v = 0; v < view.values().size(); ++v) {
    const Value& value = view.value(ValueId(v));
    absl::StrAppend(&out, view.name(ValueId(v)), " in ", value.graph.index());
    if (value.is_graph_input) out += ", input";
    if (value.is_graph_output) out += ", output";
    if (value.producer.valid()) absl::StrAppend(&out, ", made by ", view.Place(value.producer));
    if (value.tensor != Value::kNoTensor) absl::StrAppend(&out, ", tensor ", value.tensor);
    out += ":";
    for (const NodeId node : view.consumers(ValueId(v))) {
      absl::StrAppend(&out, " ", view.Place(node));
    }
    out += "\n";
  }
  return out;
}

std::string Numbers(absl::Span<const ValueId> values) {
  return absl::StrJoin(values, " ", [](std::string* out, ValueId value) {
    absl::StrAppend(out, value.valid() ? absl::StrCat(value.index()) : "-");
  });
}

// One line for each node: its place, operator, and its operands as positions in values().
std::string NodesOf(const GraphView& view) {
  std::string out;
  for (size_t n = 0; n < view.num_nodes(); ++n) {
    const NodeId node(n);
    absl::StrAppend(&out, view.Place(node), " ", view.op_type(node), " (",
                    Numbers(view.inputs(node)), ") => (", Numbers(view.outputs(node)), ")\n");
  }
  return out;
}

TEST(GraphView, NodesReadAndMakeValues) {
  const TextGraph graph(R"(
    main (x) => (y, z) <float[1] w = {1}> {
      a = MatMul (x, w)
      y, z = Split (a, a)
      = Drop (z)
    })");
  EXPECT_EQ(ValuesOf(graph.view()),
            "x in 0, input: #0\n"
            "w in 0, tensor 0: #0\n"
            "a in 0, made by #0: #1 #1\n"
            "y in 0, output, made by #1:\n"
            "z in 0, output, made by #1: #2\n");
  EXPECT_EQ(NodesOf(graph.view()),
            "#0 MatMul (0 1) => (2)\n"
            "#1 Split (2 2) => (3 4)\n"
            "#2 Drop (4) => ()\n");
}

TEST(GraphView, OperandsLeftOutAreInvalid) {
  const TextGraph graph(R"(main (x) => (y) { "", y = Clip ("", x, "") })");
  EXPECT_EQ(NodesOf(graph.view()), "#0 Clip (- 0 -) => (- 1)\n");
  EXPECT_EQ(graph.view().values().size(), 2) << "the empty name is no value";
}

TEST(GraphView, OperandsMayBeEmptyLists) {
  const TextGraph graph("main () => () { = F () = G () }");
  EXPECT_EQ(NodesOf(graph.view()), "#0 F () => ()\n#1 G () => ()\n");
  EXPECT_EQ(ValuesOf(graph.view()), "");
}

TEST(GraphView, AnInputWithADefaultIsOneValue) {
  const TextGraph graph(R"(
    main (float[1] x = {1}) => (x) <sparse float[9] s = {1} at {2}> { = F (x, s) })");
  EXPECT_EQ(ValuesOf(graph.view()),
            "x in 0, input, output, tensor 0: #0\n"
            "s in 0, tensor 1: #0\n");
  EXPECT_EQ(graph.view().duplicate_definitions(), 0);
}

TEST(GraphView, TensorsOfAttributesAreNoValues) {
  const TextGraph graph("main () => (c) { c = Constant <value = float[1] {1}> () }");
  EXPECT_EQ(ValuesOf(graph.view()), "c in 0, output, made by #0:\n");
}

TEST(GraphView, BodiesSeeTheValuesAround) {
  const TextGraph graph(R"(
    main (x) => (y) <float[1] w = {1}> {
      a = Relu (x)
      y = If (a) <
        then_branch = yes () => (t) {
          b = Add (a, w)
          t = Loop () <body = deep (i) => (o) { o = Sum (i, b, a, x) }>
        },
        else_branch = no () => (a) { }
      >
    })");
  EXPECT_EQ(ValuesOf(graph.view()),
            "x in 0, input: #0 /1:then_branch/1:body#0\n"
            "w in 0, tensor 0: /1:then_branch#0\n"
            "a in 0, output, made by #0: #1 /1:then_branch#0 /1:then_branch/1:body#0\n"
            "y in 0, output, made by #1:\n"
            "b in 1, made by /1:then_branch#0: /1:then_branch/1:body#0\n"
            "t in 1, output, made by /1:then_branch#1:\n"
            "i in 3, input: /1:then_branch/1:body#0\n"
            "o in 3, output, made by /1:then_branch/1:body#0:\n");
}

TEST(GraphView, BodiesAreClosed) {
  const TextGraph graph(R"(
    main (x) => () {
      = If (x) <then_branch = yes () => () { a = F () = G (a) },
                else_branch = no () => () { = H (a) }>
      = I (a)
    })");
  EXPECT_EQ(ValuesOf(graph.view()),
            "x in 0, input: #0\n"
            "a in 0: #1 /0:else_branch#0\n"
            "a in 1, made by /0:then_branch#0: /0:then_branch#1\n");
}

TEST(GraphView, AnInnerDefinitionHidesTheOuterOneAndIsGoneBehindItsBody) {
  const TextGraph graph(R"(
    main (x, a) => () {
      = F (a)
      = If (x) <then_branch = yes (a) => () {
        = G (a)
        = If (x) <then_branch = deep () => () <float[1] a = {1}> { = H (a) }>
        = I (a)
      }, else_branch = no () => () { = J (a) }>
      = K (a)
    })");
  EXPECT_EQ(ValuesOf(graph.view()),
            "x in 0, input: #1 /1:then_branch#1\n"
            "a in 0, input: #0 #2 /1:else_branch#0\n"
            "a in 1, input: /1:then_branch#0 /1:then_branch#2\n"
            "a in 3, tensor 0: /1:then_branch/1:then_branch#0\n");
}

// A body's node may read what a later node of the outer graph makes: no order is assumed.
TEST(GraphView, ADefinitionIsSeenBeforeItsPlace) {
  const TextGraph graph(R"(
    main () => () {
      = If () <then_branch = yes () => () { = F (late) }>
      = G (late)
      late = H ()
    })");
  EXPECT_EQ(ValuesOf(graph.view()), "late in 0, made by #2: #1 /0:then_branch#0\n");
}

std::string UnsortedNodes(const GraphView& view) {
  return absl::StrJoin(view.unsorted_nodes(), " ", [&view](std::string* out, NodeId node) {
    absl::StrAppend(out, view.Place(node));
  });
}

TEST(GraphView, NodesThatReadWhatIsMadeLaterAreUnsorted) {
  const TextGraph graph(R"(
    main (x) => (y) <float[1] w = {1}> {
      late = If (late2, late3) <then_branch = yes () => () { = F (late) = G (x, w, unmade) }>
      late2 = H (x)
      = If (late2) <then_branch = yes () => () {
        late = I (late2)
        = J (late)
        = If () <then_branch = deep () => () { = K (late, late3) }>
      }>
      late3 = L (late3)
    }
    <domain: "d"> F (p) => (q) { r = M (q) q = N (p) })");
  EXPECT_EQ(UnsortedNodes(graph.view()),
            "#0 #3 /0:then_branch#0 /2:then_branch/2:then_branch#0 function:d:F:#0");
}

TEST(GraphView, NodesInOrderAreSorted) {
  const TextGraph graph(R"(
    main (x) => (y) {
      a = F (x)
      y = If (a) <then_branch = yes () => (b) { b = G (a) },
                  else_branch = no () => (c) { c = H (x) }>
      = I (y, y)
    })");
  EXPECT_EQ(UnsortedNodes(graph.view()), "");
}

TEST(GraphView, FunctionsSeeTheirOwnValuesAlone) {
  const TextGraph graph(R"(
    main (x) => (y) <float[1] w = {1}> { y = d.F (x) }
    <domain: "d"> F (p) => (q) {
      q = Add (p, w)
      = If (x) <then_branch = yes () => () { = G (p, y) }>
    })");
  EXPECT_EQ(ValuesOf(graph.view()),
            "x in 0, input: #0\n"
            "w in 0, tensor 0:\n"
            "y in 0, output, made by #0:\n"
            "p in 1, input: function:d:F:#0 function:d:F:/1:then_branch#0\n"
            "q in 1, output, made by function:d:F:#0:\n"
            "w in 1: function:d:F:#0\n"
            "x in 1: function:d:F:#1\n"
            "y in 2: function:d:F:/1:then_branch#0\n");
}

TEST(GraphView, ANameReadAndNeverMadeIsOneValueOfItsGraph) {
  const TextGraph graph("main () => (gone) { = F (a) = G (a, b) }");
  EXPECT_EQ(ValuesOf(graph.view()), "a in 0: #0 #1\nb in 0: #1\n");
}

TEST(GraphView, TheFirstDefinitionStays) {
  const TextGraph graph(R"(
    main (x, x) => () <float[1] w = {1}, float[1] w = {2}> {
      a = F (x, w)
      a, w = G (a)
      x = H (a)
      = If () <then_branch = yes (a, a) => () {}>
    })");
  EXPECT_EQ(ValuesOf(graph.view()),
            "x in 0, input: #0\n"
            "w in 0, tensor 0: #0\n"
            "a in 0, made by #0: #1 #2\n"
            "a in 1, input:\n");
  EXPECT_EQ(graph.view().duplicate_definitions(), 6);
}

TEST(GraphView, CallersAndCalleesByDomainNameAndOverload) {
  const TextGraph graph(R"(
    main () => () {
      = d.F ()
      = d.F:v2 ()
      = F ()
      = If () <then_branch = yes () => () { = d.F () = d.F:v3 () }>
      = d.G ()
    }
    <domain: "d"> F () => () { = d.G () }
    <domain: "d", overload: "v2"> F () => () {}
    <domain: "d"> G () => () {}
    <domain: "d"> Unused () => () {})");
  std::string callees, callers;
  const GraphView& view = graph.view();
  for (size_t n = 0; n < view.num_nodes(); ++n) {
    const GraphId callee = view.callee(NodeId(n));
    if (callee.valid()) {
      absl::StrAppend(&callees, view.Place(NodeId(n)), " -> ", view.Place(callee), "\n");
    }
  }
  for (size_t g = 0; g < 6; ++g) {
    absl::StrAppend(&callers, g, ":");
    for (const NodeId node : view.callers(GraphId(g))) {
      absl::StrAppend(&callers, " ", view.Place(node));
    }
    callers += "\n";
  }
  EXPECT_EQ(callees,
            "#0 -> function:d:F:\n"
            "#1 -> function:d:F:v2\n"
            "#4 -> function:d:G:\n"
            "function:d:F:#0 -> function:d:G:\n"
            "/3:then_branch#0 -> function:d:F:\n");
  EXPECT_EQ(callers,
            "0:\n"
            "1: #0 /3:then_branch#0\n"
            "2: #1\n"
            "3: #4 function:d:F:#0\n"
            "4:\n"
            "5:\n");
}

TEST(GraphView, PlacesAndPositions) {
  const TextGraph graph(R"(
    main () => () {
      = F ()
      = Switch () <cases = [c0 () => () {}, c1 () => () {
        = F ()
        = If () <then_branch = yes () => () { = Deep () }>
      }]>
    }
    <domain: "d.e", overload: "o"> Fn () => () { = F () = If () <else_branch = n () => () { = G () }> })");
  const GraphView& view = graph.view();
  std::string places;
  for (size_t n = 0; n < view.num_nodes(); ++n) {
    absl::StrAppend(&places, view.Place(NodeId(n)), " ", view.position(NodeId(n)), "\n");
  }
  EXPECT_EQ(places,
            "#0 0\n"
            "#1 1\n"
            "function:d.e:Fn:o#0 0\n"
            "function:d.e:Fn:o#1 1\n"
            "/1:cases:1#0 0\n"
            "/1:cases:1#1 1\n"
            "function:d.e:Fn:o/1:else_branch#0 0\n"
            "/1:cases:1/1:then_branch#0 0\n");
  EXPECT_EQ(view.Place(kMainGraph), "");
  EXPECT_EQ(view.Place(GraphId(2)), "/1:cases:0");
}

}  // namespace
}  // namespace modelexport
