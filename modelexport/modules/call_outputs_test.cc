#include "modelexport/modules/call_outputs.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/modules/module_choice.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

std::string Outputs(const std::string& graph, const char* hierarchy,
                    const std::string& modules = "**") {
  const TestOwned model(graph, hierarchy);
  const auto chosen = MatchModules(model.owned(), modules);
  if (!chosen.ok()) return std::string(chosen.status().message());
  return ToText(model.owned(), OutputsOfCalls(model.owned(), *chosen));
}

constexpr char kHierarchy[] = R"(
  ""   my.Net
  a    my.A
  a.q  my.Q
  b    my.B
  d    my.Drop)";

constexpr char kCalls[] = R"(
  ""   my.Net  1
  a    my.A    1
  a.q  my.Q    2
  b    my.B    1
  d    my.Drop 1
  call ""
    call a
      call a.q
      call a.q
    call d
    call b)";

constexpr char kTwice[] = R"(
  main (x) => (y) <float[2] w = {1, 2}> {
    [a.q::0] p = Mul (x, w)
    [a.q::1] q = Mul (p, w)
    [a::0] s = Sqrt (q)
    [a::0] r = Add (s, p)
    [b::0] y = Mul (r, s)
  })";

TEST(CallOutputs, CallsComeAsTheyEnd) {
  EXPECT_EQ(Outputs(kTwice, kCalls), R"(a.q#0: p
a.q#1: q
a#0: s -> r, r
d#0: (has no nodes)
b#0: y
.#0: y
)");
}

TEST(CallOutputs, OfTheModulesThatMatchAlone) {
  EXPECT_EQ(Outputs(kTwice, kCalls, "a"), "a#0: s -> r, r\n");
  EXPECT_EQ(Outputs(kTwice, kCalls, "a.*"), "a.q#0: p\na.q#1: q\n");
  EXPECT_EQ(Outputs(kTwice, kCalls, "."), ".#0: y\n");
  EXPECT_EQ(Outputs(kTwice, kCalls, "c"), "pattern \"c\" matches nothing; nearest: a, **.q, b");
}

TEST(CallOutputs, WithoutCallsModulesComeByTheirLastNode) {
  const char graph[] = R"(
    main (x) => (y) {
      [b] p = Neg (x)
      [a.q] q = Neg (p)
      [a] r = Neg (q)
      y = Neg (r)
    })";
  EXPECT_EQ(Outputs(graph, kHierarchy), R"(d: (has no nodes)
b: p
a.q: q
a: r
.: y
)");
}

TEST(CallOutputs, ACallThatIsNotKnown) {
  EXPECT_EQ(Outputs("main (x) => (y) { [a.q] p = Neg (x) [a] y = Neg (p) }", kCalls, "a,a.q"),
            R"(a.q#0: (of 1 node it is not known in which of its 2 calls it ran)
a.q#1: (of 1 node it is not known in which of its 2 calls it ran)
a#0: y
)");
  EXPECT_EQ(Outputs("main (x) => (y) { [a] y = Neg (x) }", "\"\" my.Net\na my.A 2", "a"),
            "a: (is called 2 times, and the hierarchy does not list its calls)\n");
}

constexpr char kFused[] = R"(
  ""        my.Net   1
  conv      my.Conv  1
  seq       my.Seq   1
  seq.bn    my.Norm  1
  seq.relu  my.Relu  1
  call ""
    call conv
    call seq
      call seq.bn
      call seq.relu)";

TEST(CallOutputs, ANodeOfSeveralCallsIsTheLastOnesToEnd) {
  EXPECT_EQ(Outputs(R"(main (x) => (y) {
      ["conv::0 also seq.bn"] p = Conv (x)
      ["seq.relu::0"] y = Relu (p)
    })",
                    kFused),
            R"(conv#0: (its work is part of #0, with that of seq.bn)
seq.bn#0: p
seq.relu#0: y
seq#0: y
.#0: y
)");
  EXPECT_EQ(Outputs(R"(main (x) => (y) {
      ["seq.bn::0 also seq.relu also conv"] p = Conv (x)
      ["conv::0"] y = Neg (p)
    })",
                    kFused, "conv,seq.*"),
            R"(conv#0: y
seq.bn#0: (its work is part of #0, with that of seq.relu)
seq.relu#0: p
)");
}

TEST(CallOutputs, OfCallsThatHoldEachOtherNoneIsTheLast) {
  EXPECT_EQ(Outputs(R"(main (x, r) => (y) {
      ["seq.bn::0 also seq"] p, m, v, s = SkipLayerNormalization (x, r)
      y = Add (p, s)
    })",
                    kFused, "seq,seq.bn"),
            "seq.bn#0: p\nseq#0: p\n");
}

TEST(CallOutputs, OneOfSeveralCallsBeside) {
  EXPECT_EQ(Outputs(R"(main (x) => (y) {
      ["a::0 also act"] p = Conv (x)
      ["a::1 also act"] y = Conv (p)
    })",
                    R"(
  ""   my.Net  1
  b    my.B    2
  a    my.A    2
  act  my.Act  2
  call ""
    call b
      call a
      call act
    call b
      call a
      call act)",
                    "a,act"),
            R"(a#0: (its work is part of #0, with that of act)
act#0: p
a#1: (its work is part of #1, with that of act)
act#1: y
)");
}

TEST(CallOutputs, OfNodesThatDependOnNoInputThoseAreLeftOutThatHaveOthersBeside) {
  EXPECT_EQ(Outputs(R"(main (x) => (y, z) <float[2] w = {1, 2}> {
      [a] c = Sqrt (w)
      [b] e = Sqrt (w)
      [b] z = Neg (x)
      [d] u = Neg (x)
      y = Add (c, e)
    })",
                    kHierarchy, "a,b,d"),
            R"(a: c
b: z
d: (makes nothing that is read outside)
)");
}

TEST(CallOutputs, QuantizersAreReadBack) {
  EXPECT_EQ(Outputs(R"(main (x) => (y) <float s = {1}, uint8 z = {0}> {
      [a] p = Neg (x)
      [a] q, qs, qz = DynamicQuantizeLinear (p)
      [b] r = QuantizeLinear (p, s, z)
      [b] t = DequantizeLinear (r, s, z)
      [b] u = QuantizeLinear (t, s, z)
      y = Foo (q, qs, qz, u)
    })",
                    kHierarchy, "a,b"),
            "a: p\nb: t\n");
}

TEST(CallOutputs, BodiesBelongToTheirNodeAndCannotBeTapped) {
  const char graph[] = R"(
    main (x, c) => (y) {
      [a] h, g = Split (x)
      [a] i = If (c) <
        then_branch = yes () => (t) { [d] m = Neg (h) [b] t = Neg (m) },
        else_branch = no () => (e) { e = Neg (h) }
      >
      y = Add (i, g)
    })";
  EXPECT_EQ(Outputs(graph, kHierarchy, "a,b,d"),
            R"(d: (its values are made in a body of If, Loop or Scan or in a function)
b: (its values are made in a body of If, Loop or Scan or in a function)
a: g, i
)");
  EXPECT_EQ(Outputs(R"(main (x, c) => (y) {
      [a] h, g = Split (x)
      [a] i = If (c) <
        then_branch = yes () => (t) { t = Neg (h) },
        else_branch = no () => (e) { e = Neg (h) }
      >
      y = Add (i, h)
    })",
                    kHierarchy, "a"),
            "a: h -> i, i\n");
}

TEST(CallOutputs, OfTheRootThoseOfTheGraphInItsOrder) {
  EXPECT_EQ(Outputs(R"(main (x) => (z, x, w, y) <float[2] w = {1, 2}> {
      y = Neg (x)
      z = Neg (y)
    })",
                    kHierarchy, "."),
            ".: z, x, w, y\n");
  EXPECT_EQ(Outputs("main (x) => () { y = Neg (x) }", kHierarchy, "."),
            ".: (the graph has no outputs)\n");
}

TEST(CallOutputs, AHostileNumberOfOutputsIsNotTraced) {
  std::string nodes, names;
  for (int i = 0; i < 70; ++i) {
    absl::StrAppend(&nodes, "[a] p", i, " = Neg (", i == 0 ? "x" : absl::StrCat("p", i - 1), ") ");
    absl::StrAppend(&names, i == 0 ? "" : ", ", "p", i);
  }
  EXPECT_EQ(Outputs(absl::StrCat("main (x) => (", names, ") {", nodes, "}"), kHierarchy, "a"),
            absl::StrCat("a: ", names, "\n"));
}

TEST(CallOutputs, CallsThatASidecarListsAmiss) {
  // The second call of a.q is within a call that has ended.
  EXPECT_EQ(Outputs(kTwice, R"(
  ""   my.Net  1
  a    my.A    1
  a.q  my.Q    2
  b    my.B    1
  call ""
    call a
      call a.q
      call a.q
    call b)"),
            "a.q#0: p\na.q#1: q\na#0: s -> r, r\nb#0: y\n.#0: y\n");
}

}  // namespace
}  // namespace modelexport
