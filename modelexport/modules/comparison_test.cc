#include "modelexport/modules/comparison.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/modules/changed_rows.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

std::string Text(const absl::optional<uint64_t>& number) {
  return number.has_value() ? absl::StrCat(*number) : "?";
}

std::string Text(const Sides<Quantity>& sides) {
  return absl::StrCat("nodes ", sides.a.nodes, " -> ", sides.b.nodes, ", parameters ",
                      Text(sides.a.parameters), " -> ", Text(sides.b.parameters), ", bytes ",
                      Text(sides.a.bytes), " -> ", Text(sides.b.bytes));
}

std::string Text(const NodeChange& change, const ModelComparison& comparison) {
  const std::string& other = comparison.modules[change.other].path;
  switch (change.kind) {
    case NodeChange::Kind::kNumber:
      return absl::StrCat(change.op, " ", change.a, " -> ", change.b);
    case NodeChange::Kind::kType:
      return absl::StrCat(change.a, " ", change.op, " is ", change.op_in_b);
    case NodeChange::Kind::kMovedTo:
      return absl::StrCat(change.a, " ", change.op, " to \"", other, "\"");
    case NodeChange::Kind::kMovedFrom:
      return absl::StrCat(change.a, " ", change.op, " from \"", other, "\"");
  }
  return "";
}

std::string Text(const std::string& name, const ComparedModule& module,
                 const ModelComparison& comparison) {
  if (!module.differs) return "";
  std::string text = absl::StrCat(name, ": ", module.present.a ? "" : "not in A, ",
                                  module.present.b ? "" : "not in B, ", Text(module.own), "\n");
  if (module.class_name.a != module.class_name.b) {
    absl::StrAppend(&text, "  class ", module.class_name.a, " -> ", module.class_name.b, "\n");
  }
  for (const NodeChange& change : module.changes) {
    absl::StrAppend(&text, "  ", Text(change, comparison), "\n");
  }
  return text;
}

std::string Text(const ModelComparison& comparison) {
  const ComparedNodes& nodes = comparison.nodes;
  EXPECT_EQ(nodes.same_name + nodes.same_number + nodes.moved + nodes.changed_type + nodes.vanished,
            comparison.all.a.nodes);
  EXPECT_EQ(nodes.same_name + nodes.same_number + nodes.moved + nodes.changed_type + nodes.appeared,
            comparison.all.b.nodes);
  const ComparedModuleCounts modules = CountModules(comparison);
  std::string text = absl::StrCat(
      "same by name ", nodes.same_name, ", by number ", nodes.same_number, ", moved ", nodes.moved,
      ", type ", nodes.changed_type, ", vanished ", nodes.vanished, ", appeared ", nodes.appeared,
      "\nmodules ", modules.in_both, ", only in A ", modules.only_in_a, ", only in B ",
      modules.only_in_b, ", differ ", modules.differ, "\n");
  for (const ComparedModule& module : comparison.modules) {
    text += Text(absl::StrCat("\"", module.path, "\""), module, comparison);
  }
  return text + Text("not attributed", comparison.unattributed, comparison);
}

constexpr char kModules[] = R"(
  "" my.Net
  a my.A
  b my.B
  c my.C)";

std::string Compared(absl::string_view text_a, absl::string_view text_b,
                     absl::string_view hierarchy_b = kModules) {
  const TestOwned a(text_a, kModules), b(text_b, hierarchy_b);
  return Text(Compare(a.owned(), b.owned()));
}

constexpr char kChain[] = R"(main (x) => (y) <float[2] w = {1, ...}> {
  [a] p = Relu (x)
  [b] q = Mul (p, w)
  [c] y = Neg (q)
})";

TEST(Comparison, NothingDiffersInOneModel) {
  EXPECT_EQ(Compared(kChain, kChain),
            "same by name 3, by number 0, moved 0, type 0, vanished 0, appeared 0\n"
            "modules 4, only in A 0, only in B 0, differ 0\n");
}

TEST(Comparison, NodesThatMoved) {
  EXPECT_EQ(Compared(kChain, R"(main (x) => (y) <float[2] w = {1, ...}> {
              [a] p = Relu (x)
              [a] q = Mul (p, w)
              [c] y = Neg (q)
            })"),
            R"(same by name 2, by number 0, moved 1, type 0, vanished 0, appeared 0
modules 3, only in A 1, only in B 0, differ 2
"a": nodes 1 -> 2, parameters 0 -> 2, bytes 0 -> 8
  1 Mul from "b"
"b": not in B, nodes 1 -> 0, parameters 2 -> 0, bytes 8 -> 0
  1 Mul to "a"
)");
}

// q reads another weight, so its name may be a number that another node has in B.
TEST(Comparison, ANameAloneIsNoProofOfAMove) {
  EXPECT_EQ(Compared(kChain, R"(main (x) => (y) <float[2] v = {1, ...}> {
              [a] p = Relu (x)
              [a] q = Mul (p, v)
              [c] y = Neg (q)
            })"),
            R"(same by name 2, by number 0, moved 0, type 0, vanished 1, appeared 1
modules 3, only in A 1, only in B 0, differ 2
"a": nodes 1 -> 2, parameters 0 -> 2, bytes 0 -> 8
  Mul 0 -> 1
"b": not in B, nodes 1 -> 0, parameters 2 -> 0, bytes 8 -> 0
  Mul 1 -> 0
)");
}

// Exporters number values: with a layer before them, the others get the names of their neighbours.
TEST(Comparison, NumberedNamesThatShiftMoveNothing) {
  EXPECT_EQ(Compared(R"(main (x) => (out) <float[2] a.w = {1, ...}, float[2] b.w = {1, ...}> {
              [a] v0 = Mul (x, a.w)
              [a] v1 = Relu (v0)
              [b] v2 = Mul (v1, b.w)
              [b] v3 = Relu (v2)
              [c] out = Neg (v3)
            })",
                     R"(main (x) => (out) <float[2] n.w = {1, ...}, float[2] a.w = {1, ...},
                                         float[2] b.w = {1, ...}> {
              [n] v0 = Mul (x, n.w)
              [n] v1 = Relu (v0)
              [a] v2 = Mul (v1, a.w)
              [a] v3 = Relu (v2)
              [b] v4 = Mul (v3, b.w)
              [b] v5 = Relu (v4)
              [c] out = Neg (v5)
            })",
                     "\"\" my.Net\nn my.N\na my.A\nb my.B\nc my.C\n"),
            R"(same by name 1, by number 4, moved 0, type 0, vanished 0, appeared 2
modules 4, only in A 0, only in B 1, differ 1
"n": not in A, nodes 0 -> 2, parameters 0 -> 2, bytes 0 -> 8
  class  -> my.N
  Mul 0 -> 1
  Relu 0 -> 1
)");
}

TEST(Comparison, AMoveNeedsAReaderThatBothFilesHave) {
  EXPECT_EQ(Compared(kChain, R"(main (x) => (z) <float[2] w = {1, ...}> {
              [a] p = Relu (x)
              [a] q = Mul (p, w)
              [c] r = Abs (q)
              [c] z = Abs (r)
            })"),
            R"(same by name 1, by number 0, moved 0, type 0, vanished 2, appeared 3
modules 3, only in A 1, only in B 0, differ 3
"a": nodes 1 -> 2, parameters 0 -> 2, bytes 0 -> 8
  Mul 0 -> 1
"b": not in B, nodes 1 -> 0, parameters 2 -> 0, bytes 8 -> 0
  Mul 1 -> 0
"c": nodes 1 -> 2, parameters 0 -> 0, bytes 0 -> 0
  Abs 0 -> 2
  Neg 1 -> 0
)");
}

TEST(Comparison, MovesInAChain) {
  EXPECT_EQ(Compared(kChain, R"(main (x) => (y) <float[2] w = {1, ...}> {
              [b] p = Relu (x)
              [c] q = Mul (p, w)
              [c] y = Neg (q)
            })"),
            R"(same by name 1, by number 0, moved 2, type 0, vanished 0, appeared 0
modules 3, only in A 1, only in B 0, differ 3
"a": not in B, nodes 1 -> 0, parameters 0 -> 0, bytes 0 -> 0
  1 Relu to "b"
"b": nodes 1 -> 1, parameters 2 -> 0, bytes 8 -> 0
  1 Mul to "c"
  1 Relu from "a"
"c": nodes 1 -> 2, parameters 0 -> 2, bytes 0 -> 8
  1 Mul from "b"
)");
}

TEST(Comparison, NodesThatChangedType) {
  EXPECT_EQ(Compared(kChain, R"(
              <ir_version: 8, opset_import: ["" : 17, "my" : 1]>
              main (x) => (y) <float[2] w = {1, ...}> {
                [a] p = Relu (x)
                [b] q = my.Scale (w, p)
                [c] y = Neg (q)
              })"),
            R"(same by name 2, by number 0, moved 0, type 1, vanished 0, appeared 0
modules 4, only in A 0, only in B 0, differ 1
"b": nodes 1 -> 1, parameters 2 -> 2, bytes 8 -> 8
  1 Mul is my.Scale
)");
}

// What makes the value now is the last of several nodes, and reads nothing that Mul read.
TEST(Comparison, OneNodeMadeOfSeveralHasNotChangedType) {
  EXPECT_EQ(Compared(kChain, R"(main (x) => (y) <int8[2] w_q = {1, ...}> {
              [a] p = Relu (x)
              [b] i = MulInteger (p, w_q)
              [b] q = Cast (i)
              [c] y = Neg (q)
            })"),
            R"(same by name 2, by number 0, moved 0, type 0, vanished 1, appeared 2
modules 4, only in A 0, only in B 0, differ 1
"b": nodes 1 -> 2, parameters 2 -> 2, bytes 8 -> 2
  Cast 0 -> 1
  Mul 1 -> 0
  MulInteger 0 -> 1
)");
}

TEST(Comparison, WithoutCommonNamesNumbersAreCompared) {
  EXPECT_EQ(Compared(kChain, R"(main (i) => (o) <float[2] u = {1, ...}> {
              [a] n1 = Relu (i)
              [b] n2 = Mul (n1, u)
              [b] n3 = Mul (n2, u)
              [c] o = Neg (n3)
            })"),
            R"(same by name 2, by number 1, moved 0, type 0, vanished 0, appeared 1
modules 4, only in A 0, only in B 0, differ 1
"b": nodes 1 -> 2, parameters 2 -> 2, bytes 8 -> 8
  Mul 1 -> 2
)");
}

// That nothing says which module a node is of does not mean that it has left its module.
TEST(Comparison, UnattributedNodesAreNotMoved) {
  EXPECT_EQ(Compared(kChain, R"(main (x) => (y) <float[2] w = {1, ...}> {
              [a] p = Relu (x)
              q = Mul (p, w)
              [c] y = Neg (q)
            })"),
            R"(same by name 2, by number 0, moved 0, type 0, vanished 1, appeared 1
modules 3, only in A 1, only in B 0, differ 1
"b": not in B, nodes 1 -> 0, parameters 2 -> 0, bytes 8 -> 0
  Mul 1 -> 0
not attributed: not in A, nodes 0 -> 1, parameters 0 -> 2, bytes 0 -> 8
  Mul 0 -> 1
)");
}

TEST(Comparison, StoredBytes) {
  EXPECT_EQ(Compared(kChain, R"(main (x) => (y) <float16[2] w = {1, ...}> {
              [a] p = Relu (x)
              [b] q = Mul (p, w)
              [c] y = Neg (q)
            })"),
            R"(same by name 3, by number 0, moved 0, type 0, vanished 0, appeared 0
modules 4, only in A 0, only in B 0, differ 1
"b": nodes 1 -> 1, parameters 2 -> 2, bytes 8 -> 4
)");
}

TEST(Comparison, ClassesDifferOnlyWhereBothAreKnown) {
  EXPECT_EQ(Compared(kChain, kChain, "\"\" my.Net\na my.Other\nb -\nc my.C\n"),
            R"(same by name 3, by number 0, moved 0, type 0, vanished 0, appeared 0
modules 4, only in A 0, only in B 0, differ 1
"a": nodes 1 -> 1, parameters 0 -> 0, bytes 0 -> 0
  class my.A -> my.Other
)");
}

// Names alone do not know of modules that have no nodes.
TEST(Comparison, ListedModulesWithoutNodesDoNotCount) {
  EXPECT_EQ(Compared(kChain, kChain, "\"\" my.Net\na my.A\nb my.B\nc my.C\ndropout my.D\n"),
            "same by name 3, by number 0, moved 0, type 0, vanished 0, appeared 0\n"
            "modules 4, only in A 0, only in B 0, differ 0\n");
}

TEST(Comparison, NothingInCommon) {
  EXPECT_EQ(Compared(kChain, "main (i) => (o) { [n] o = Abs (i) }", "\"\" my.Net\nn my.N\n"),
            R"(same by name 0, by number 0, moved 0, type 0, vanished 3, appeared 1
modules 1, only in A 3, only in B 1, differ 4
"a": not in B, nodes 1 -> 0, parameters 0 -> 0, bytes 0 -> 0
  class my.A -> 
  Relu 1 -> 0
"b": not in B, nodes 1 -> 0, parameters 2 -> 0, bytes 8 -> 0
  class my.B -> 
  Mul 1 -> 0
"c": not in B, nodes 1 -> 0, parameters 0 -> 0, bytes 0 -> 0
  class my.C -> 
  Neg 1 -> 0
"n": not in A, nodes 0 -> 1, parameters 0 -> 0, bytes 0 -> 0
  class  -> my.N
  Abs 0 -> 1
)");
}

TEST(Comparison, WhatIsAllowed) {
  const TestOwned a(kChain, kModules);
  const TestOwned b("main (x) => (y) { [a] p = Abs (x)  [c] y = Neg (p) }", kModules);
  ModelComparison comparison = Compare(a.owned(), b.owned());
  EXPECT_TRUE(DiffersBeyondAllowed(comparison));
  AllowChanges({{false, true, false, false}, {}}, &comparison);
  EXPECT_EQ(CountModules(comparison).allowed, 1);
  EXPECT_TRUE(DiffersBeyondAllowed(comparison));
  AllowChanges({{}, {false, false, true, false}}, &comparison);
  EXPECT_EQ(CountModules(comparison).allowed, 2);
  EXPECT_FALSE(DiffersBeyondAllowed(comparison));
}

// Rows of modules that differ.

std::string Rows(absl::string_view text_a, absl::string_view text_b, absl::string_view lines_a,
                 absl::string_view lines_b) {
  const TestOwned a(text_a, lines_a), b(text_b, lines_b);
  const ModelComparison comparison = Compare(a.owned(), b.owned());
  std::string text;
  for (const ChangedRow& row : ChangedRows(comparison, a.hierarchy(), b.hierarchy())) {
    absl::StrAppend(&text, "\"", row.path, "\" x", row.count, " as \"",
                    comparison.modules[row.module].path, "\"\n");
  }
  return text;
}

constexpr char kLayers[] = R"(
  "" my.Net
  l.0 my.L
  l.0.q my.Q
  l.1 my.L
  l.1.q my.Q
  l.2 my.L
  l.2.q my.Q
  head my.H)";

// Of each layer the operator of q.
std::string Layers(absl::string_view q0, absl::string_view q1, absl::string_view q2) {
  return absl::StrCat(
      "main (x) => (y) { [l.0.q] a = ", q0, " (x) [l.0] b = Relu (a) [l.1.q] c = ", q1,
      " (b) [l.1] d = Relu (c) [l.2.q] e = ", q2, " (d) [l.2] f = Relu (e) [head] y = Neg (f) }");
}

TEST(ChangedRows, SiblingsWithEqualChangesAreOneRow) {
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), Layers("Sin", "Sin", "Sin"), kLayers, kLayers),
            "\"l.0-2.q\" x3 as \"l.0.q\"\n");
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), Layers("Sin", "Sin", "Abs"), kLayers, kLayers),
            "\"l.0-1.q\" x2 as \"l.0.q\"\n");
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), Layers("Sin", "Cos", "Cos"), kLayers, kLayers),
            "\"l.0.q\" x1 as \"l.0.q\"\n\"l.1-2.q\" x2 as \"l.1.q\"\n");
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), Layers("Sin", "Abs", "Sin"), kLayers, kLayers),
            "\"l.0.q\" x1 as \"l.0.q\"\n\"l.2.q\" x1 as \"l.2.q\"\n");
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), Layers("Abs", "Abs", "Abs"), kLayers, kLayers), "");
}

TEST(ChangedRows, AModuleOfOneFileHasNoRowsBelow) {
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), "main (x) => (y) { [head] y = Neg (x) }", kLayers,
                 "\"\" my.Net\nhead my.H\n"),
            "\"l\" x1 as \"l\"\n");
  EXPECT_EQ(Rows("main (x) => (y) { [l.0.q] a = Abs (x) [l.0] b = Relu (a) [head] y = Neg (b) }",
                 Layers("Abs", "Abs", "Abs"), kLayers, kLayers),
            "\"l.1-2\" x2 as \"l.1\"\n");
}

TEST(ChangedRows, MovesFoldIfTheyGoTheSameWay) {
  const std::string within = R"(main (x) => (y) {
    [l.0] a = Abs (x) [l.0] b = Relu (a) [l.1] c = Abs (b) [l.1] d = Relu (c) [l.2] e = Abs (d)
    [l.2] f = Relu (e) [head] y = Neg (f) })";
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), within, kLayers, kLayers),
            "\"l.0-2\" x3 as \"l.0\"\n\"l.0-2.q\" x3 as \"l.0.q\"\n");
  const std::string across = R"(main (x) => (y) {
    [l.0] a = Abs (x) [l.0] b = Relu (a) [l.0] c = Abs (b) [l.1] d = Relu (c) [l.2.q] e = Abs (d)
    [l.2] f = Relu (e) [head] y = Neg (f) })";
  EXPECT_EQ(Rows(Layers("Abs", "Abs", "Abs"), across, kLayers, kLayers),
            "\"l.0\" x1 as \"l.0\"\n\"l.0.q\" x1 as \"l.0.q\"\n\"l.1.q\" x1 as \"l.1.q\"\n");
}

}  // namespace
}  // namespace modelexport
