#include "modelexport/modules/module_rows.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

std::string RowsOf(const TestOwned& model, Folding folding) {
  const ModuleRows rows(model.owned(), folding);
  std::string text;
  for (uint32_t r = 0; r < rows.rows().size(); ++r) {
    absl::StrAppend(&text, std::string(2 * rows.row(r).depth, ' '), "\"", rows.Path(r), "\" x",
                    rows.row(r).modules.size(), "\n");
  }
  return text;
}

// Two layers, of which the text gives the second one; the first is Mul, then Relu of that.
std::string Folded(const std::string& second, const std::string& classes = "") {
  const TestOwned model(
      absl::StrCat("main (x) => (y) <float[2,3] w = {1, ...}, float[2,3] v = {1, ...}, "
                   "float[3] small = {1, ...}> { [l.0.q] p = Mul (x, w) [l.0] r = Relu (p) ",
                   second, "}"),
      absl::StrCat("\"\" my.Net\n",
                   classes.empty() ? "l.0 my.L\nl.0.q my.Q\nl.1 my.L\nl.1.q my.Q\n" : classes));
  return RowsOf(model, Folding::kOn);
}

constexpr char kFolded[] = R"("" x1
  "l" x1
    "l.0-1" x2
      "l.0-1.q" x2
)";

constexpr char kApart[] = R"("" x1
  "l" x1
    "l.0" x1
      "l.0.q" x1
    "l.1" x1
      "l.1.q" x1
)";

TEST(ModuleRows, FoldsSiblingsOfEqualStructure) {
  EXPECT_EQ(Folded("[l.1.q] s = Mul (r, v) [l.1] y = Relu (s)"), kFolded);
}

TEST(ModuleRows, WhatComesFromOutsideDoesNotCount) {
  EXPECT_EQ(Folded("[root] o = Neg (x) [l.1.q] s = Mul (o, v) [l.1] y = Relu (s)"), kFolded);
}

TEST(ModuleRows, OperatorsCount) {
  EXPECT_EQ(Folded("[l.1.q] s = Mul (r, v) [l.1] y = Neg (s)"), kApart);
}

TEST(ModuleRows, WiringCounts) {
  EXPECT_EQ(Folded("[l.1.q] s = Mul (r, v) [l.1] y = Relu (r)"), kApart);
}

TEST(ModuleRows, ShapesOfInitializersCount) {
  EXPECT_EQ(Folded("[l.1.q] s = Mul (r, small) [l.1] y = Relu (s)"), kApart);
}

TEST(ModuleRows, WhichModuleHasANodeCounts) {
  EXPECT_EQ(Folded("[l.1] s = Mul (r, v) [l.1] y = Relu (s)"), kApart);
}

TEST(ModuleRows, ClassesCount) {
  EXPECT_EQ(Folded("[l.1.q] s = Mul (r, v) [l.1] y = Relu (s)",
                   "l.0 my.L\nl.0.q my.Q\nl.1 my.M\nl.1.q my.Q\n"),
            kApart);
}

TEST(ModuleRows, NamesBelowCount) {
  EXPECT_EQ(Folded("[l.1.k] s = Mul (r, v) [l.1] y = Relu (s)",
                   "l.0 my.L\nl.0.q my.Q\nl.1 my.L\nl.1.k my.Q\n"),
            R"("" x1
  "l" x1
    "l.0" x1
      "l.0.q" x1
    "l.1" x1
      "l.1.k" x1
)");
}

TEST(ModuleRows, WithoutFolding) {
  const TestOwned model("main (x) => (x) {}", "\"\" my.Net\na my.A\nb my.A\n");
  EXPECT_EQ(RowsOf(model, Folding::kOff), "\"\" x1\n  \"a\" x1\n  \"b\" x1\n");
}

TEST(ModuleRows, FoldedRowsAreNamedAsShortAsCanBe) {
  const TestOwned model("main (x) => (x) {}", R"("" my.Net
    q my.A
    k my.A
    v my.A
    other my.B
    block2_up my.C
    block3_up my.C
    other2 my.B
    m my.D
    n my.D
    o my.D
    p my.D
    other3 my.B
    x01 my.E
    x02 my.E)");
  EXPECT_EQ(RowsOf(model, Folding::kOn), R"("" x1
  "q,k,v" x3
  "other" x1
  "block2-3_up" x2
  "other2" x1
  "m..p" x4
  "other3" x1
  "x01,x02" x2
)");
}

TEST(ModuleRows, MarksCount) {
  const TestOwned model("main (x) => (x) {}", "\"\" my.Net\na my.A\nb my.A\nc my.A\n");
  const ModuleRows rows(model.owned(), Folding::kOn, {false, true, true, false});
  EXPECT_EQ(rows.Name(1), "a,b");
  EXPECT_EQ(rows.Name(2), "c");
}

// Equal subtrees within equal subtrees.
TEST(ModuleRows, FoldsWithinFolded) {
  const TestOwned model("main (x) => (x) {}", R"("" my.Net
    a.0 my.A
    a.0.0 my.B
    a.0.1 my.B
    a.1 my.A
    a.1.0 my.B
    a.1.1 my.B)");
  EXPECT_EQ(RowsOf(model, Folding::kOn), R"("" x1
  "a" x1
    "a.0-1" x2
      "a.0-1.0-1" x4
)");
}

}  // namespace
}  // namespace modelexport
