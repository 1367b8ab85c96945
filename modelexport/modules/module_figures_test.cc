#include "modelexport/modules/module_figures.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

std::string Text(const absl::optional<uint64_t>& number) {
  return number.has_value() ? absl::StrCat(*number) : "?";
}

std::string Text(const std::string& name, const ModuleFigures& figures) {
  const auto operators = [](std::string* out, const OperatorCount& count) {
    absl::StrAppend(out, count.first, " ", count.second);
  };
  return absl::StrCat(name, ": nodes ", figures.own.nodes, "/", figures.total.nodes,
                      figures.shares_nodes ? "*" : "", ", parameters ",
                      Text(figures.own.parameters), "/", Text(figures.total.parameters),
                      figures.shares_parameters ? "*" : "", ", bytes ", Text(figures.own.bytes),
                      "/", Text(figures.total.bytes), ", ",
                      absl::StrJoin(figures.top_operators, ", ", operators), "\n");
}

std::string FiguresText(const TestOwned& model, Folding folding = Folding::kOff) {
  const ModuleRows rows(model.owned(), folding);
  const FiguresOfModel figures = FiguresOf(model.owned(), rows);
  std::string text;
  for (uint32_t r = 0; r < rows.rows().size(); ++r) {
    text += Text(absl::StrCat("\"", rows.Path(r), "\""), figures.rows[r]);
  }
  return text + Text("none", figures.unattributed) + Text("all", figures.all);
}

// Each node counts at its owner alone; rows are marked up to the one that has all of them.
TEST(ModuleFigures, NodesOfSeveralModules) {
  const TestOwned model(R"(
    main (x) => (y) {
      ["a.conv also a.bn"] p = Conv (x)
      [a.act] q = Relu (p)
      [b] y = Neg (q)
    })",
                        R"("" my.Net
    a my.A
    a.conv my.Conv
    a.bn my.Norm
    a.act my.Act
    b my.B)");
  EXPECT_EQ(FiguresText(model),
            R"("": nodes 0/3, parameters 0/0, bytes 0/0, Conv 1, Neg 1, Relu 1
"a": nodes 0/2, parameters 0/0, bytes 0/0, Conv 1, Relu 1
"a.conv": nodes 1/1*, parameters 0/0, bytes 0/0, Conv 1
"a.bn": nodes 0/0*, parameters 0/0, bytes 0/0, 
"a.act": nodes 1/1, parameters 0/0, bytes 0/0, Relu 1
"b": nodes 1/1, parameters 0/0, bytes 0/0, Neg 1
none: nodes 0/0, parameters 0/0, bytes 0/0, 
all: nodes 3/3, parameters 0/0, bytes 0/0, Conv 1, Neg 1, Relu 1
)");
}

TEST(ModuleFigures, OwnAndTotal) {
  const TestOwned model(R"(
    main (x) => (y) <float[2,3] w = {1, ...}, int8[4] v = {1, ...}, float[5] unused = {1, ...},
                     int64[1] shape = {2}> {
      [a.q] p = Mul (x, w)
      [a] q = Add (p, v)
      [a] r = Reshape (q, shape)
      s = Neg (r)
      [b] t = Neg (s)
      [root] y = Relu (t)
    })",
                        R"("" my.Net
    a my.A
    a.q my.Q
    b my.B)");
  EXPECT_EQ(FiguresText(model),
            R"("": nodes 1/5, parameters 0/10, bytes 0/28, Add 1, Mul 1, Neg 1
"a": nodes 2/3, parameters 4/10, bytes 4/28, Add 1, Mul 1, Reshape 1
"a.q": nodes 1/1, parameters 6/6, bytes 24/24, Mul 1
"b": nodes 1/1, parameters 0/0, bytes 0/0, Neg 1
none: nodes 1/1, parameters 5/5, bytes 20/20, Neg 1
all: nodes 6/6, parameters 15/15, bytes 48/48, Neg 2, Add 1, Mul 1
)");
}

TEST(ModuleFigures, ASharedTensorCountsOnce) {
  const TestOwned model(R"(
    main (x) => (y) <float[3] w = {1, ...}, float[5] v = {1, ...}> {
      [a.q] p = Mul (x, w)
      [a.k] q = Mul (p, w)
      [a.k] r = Mul (q, w)
      [b] s = Mul (r, v)
      [c.d] y = Mul (s, v)
    })",
                        R"("" my.Net
    a my.A
    a.q my.Q
    a.k my.K
    b my.B
    c my.C
    c.d my.D)");
  EXPECT_EQ(FiguresText(model),
            R"("": nodes 0/5, parameters 0/8, bytes 0/32, Mul 5
"a": nodes 0/3, parameters 0/3, bytes 0/12, Mul 3
"a.q": nodes 1/1, parameters 3/3*, bytes 12/12, Mul 1
"a.k": nodes 2/2, parameters 3/3*, bytes 12/12, Mul 2
"b": nodes 1/1, parameters 5/5*, bytes 20/20, Mul 1
"c": nodes 0/1, parameters 0/5*, bytes 0/20, Mul 1
"c.d": nodes 1/1, parameters 5/5*, bytes 20/20, Mul 1
none: nodes 0/0, parameters 0/0, bytes 0/0, 
all: nodes 5/5, parameters 8/8, bytes 32/32, Mul 5
)");
}

TEST(ModuleFigures, SharedWithNodesOfNoModule) {
  const TestOwned model(R"(
    main (x) => (y) <float[3] w = {1, ...}> { [a] p = Mul (x, w)  y = Mul (p, w) })",
                        "\"\" my.Net\na my.A");
  EXPECT_EQ(FiguresText(model),
            R"("": nodes 0/1, parameters 0/3*, bytes 0/12, Mul 1
"a": nodes 1/1, parameters 3/3*, bytes 12/12, Mul 1
none: nodes 1/1, parameters 3/3*, bytes 12/12, Mul 1
all: nodes 2/2, parameters 3/3, bytes 12/12, Mul 2
)");
}

// The second layer reads the first one's tensor: shared within the row, not beyond it.
TEST(ModuleFigures, OfFoldedRows) {
  const TestOwned model(R"(
    main (x) => (y) <float[3] w = {1, ...}, float[3] v = {1, ...}, float[3] u = {1, ...}> {
      [l.0] p = Mul (x, w) [l.0] q = Mul (p, v)
      [l.1] r = Mul (q, w) [l.1] y = Mul (r, u)
    })",
                        "\"\" my.Net\nl.0 my.L\nl.1 my.L");
  EXPECT_EQ(FiguresText(model, Folding::kOn),
            R"("": nodes 0/4, parameters 0/9, bytes 0/36, Mul 4
"l": nodes 0/4, parameters 0/9, bytes 0/36, Mul 4
"l.0-1": nodes 4/4, parameters 9/9, bytes 36/36, Mul 4
none: nodes 0/0, parameters 0/0, bytes 0/0, 
all: nodes 4/4, parameters 9/9, bytes 36/36, Mul 4
)");
}

TEST(ModuleFigures, ConstantsAreTensorsOfTheirReaders) {
  const TestOwned model(R"(
    main (x) => (y) {
      [a] w = Constant <value = float16[2,2] {1, ...}> ()
      [b] p = Mul (x, w)
      [a] shape = Constant <value = int64[2] {2, 2}> ()
      [b] y = Reshape (p, shape)
    })",
                        "\"\" my.Net\na my.A\nb my.B");
  EXPECT_EQ(FiguresText(model),
            R"("": nodes 0/4, parameters 0/4, bytes 0/8, Constant 2, Mul 1, Reshape 1
"a": nodes 2/2, parameters 0/0, bytes 0/0, Constant 2
"b": nodes 2/2, parameters 4/4, bytes 8/8, Mul 1, Reshape 1
none: nodes 0/0, parameters 0/0, bytes 0/0, 
all: nodes 4/4, parameters 4/4, bytes 8/8, Constant 2, Mul 1, Reshape 1
)");
}

TEST(ModuleFigures, CountsEvidence) {
  const TestOwned model("main (x) => (y) { [a] p = Neg (x) q = Neg (p) [a] y = Neg (q) }",
                        "\"\" my.Net\na my.A");
  const ModuleRows rows(model.owned(), Folding::kOff);
  const FiguresOfModel figures = FiguresOf(model.owned(), rows);
  const size_t by_name = static_cast<size_t>(EvidenceKind::kNodeName);
  EXPECT_EQ(figures.rows[0].evidence[by_name], 2);
  EXPECT_EQ(figures.rows[1].evidence[by_name], 2);
  EXPECT_EQ(figures.unattributed.evidence[by_name], 0);
  EXPECT_EQ(figures.unattributed.evidence[static_cast<size_t>(EvidenceKind::kNone)], 1);
}

TEST(ModuleFigures, OfNothing) {
  const TestOwned model("main (x) => (x) {}", "\"\" my.Net");
  EXPECT_EQ(FiguresText(model), R"("": nodes 0/0, parameters 0/0, bytes 0/0, 
none: nodes 0/0, parameters 0/0, bytes 0/0, 
all: nodes 0/0, parameters 0/0, bytes 0/0, 
)");
}

}  // namespace
}  // namespace modelexport
