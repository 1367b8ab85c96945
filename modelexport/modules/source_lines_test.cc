#include "modelexport/modules/source_lines.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

std::string Parsed(absl::string_view trace) {
  std::string text;
  for (const SourceLine& line : ParseStackTrace(trace)) {
    absl::StrAppend(&text, line.Place(), " ", line.function, ": ", line.code, "\n");
  }
  return text;
}

TEST(StackTrace, CallsWithTheirLines) {
  EXPECT_EQ(Parsed("File \"a b/net.py\", line 653, in forward\n"
                   "    x = self.q(\n"
                   "  File \"x.py\", line 9, in <lambda>\n"
                   "    return F.linear(\n"
                   "        ^^^^\n"
                   "  File \"C:\\y.py\", line 10"),
            "a b/net.py:653 forward: x = self.q(\n"
            "x.py:9 <lambda>: return F.linear(\n"
            "C:\\y.py:10 : \n");
}

TEST(StackTrace, WhatIsNone) {
  EXPECT_EQ(Parsed(""), "");
  EXPECT_EQ(Parsed("File \"x.py\"\nFile x.py, line 3\n File \"x.py\", line ,\nname"), "");
  // Quotes and commas in a path.
  EXPECT_EQ(Parsed("File \"a\", line 1\", line 2, in f\n"), "a\", line 1:2 f: \n");
}

TEST(StackTrace, TheInnermostLineOutsideOfTorch) {
  const auto innermost = [](absl::string_view trace) {
    const std::vector<SourceLine> lines = ParseStackTrace(trace);
    const SourceLine* line = InnermostLine(lines);
    return line == nullptr ? "none" : line->Place();
  };
  EXPECT_EQ(innermost(""), "none");
  EXPECT_EQ(innermost("File \"a.py\", line 1\nFile \"/lib/torch/nn/modules/linear.py\", line 2"),
            "a.py:1");
  EXPECT_EQ(innermost("File \"a.py\", line 1\nFile \"mytorch/nn/x.py\", line 2"),
            "mytorch/nn/x.py:2");
  EXPECT_EQ(innermost("File \"torch/nn/modules/linear.py\", line 2"),
            "torch/nn/modules/linear.py:2");
}

// Metadata of a node with a line of net.py for each number, the outermost first.
std::string Trace(const std::vector<int>& lines) {
  std::string trace;
  for (int line : lines) absl::StrAppend(&trace, "File 'net.py', line ", line, ", in forward;");
  return absl::StrCat("{\"", kStackTraceKey, "\": \"",
                      absl::StrReplaceAll(trace, {{"'", "\\\""}, {";", "\\n"}}), "\"}");
}

TEST(SourceLines, WhatTheNodesOfARowHaveInCommon) {
  const TestOwned model(
      absl::StrCat("main (x) => (y) { [a.q] p = Mul (x) ", Trace({1, 20, 31}),
                   " [a.q] q = Add (p) ", Trace({1, 20, 32}), " [a.k] r = Add (q) ",
                   Trace({1, 21, 33}), " [a.k] s = Add (r) [b] t = Neg (s) ", Trace({2}),
                   " [c] u = Neg (t) {\"", kStackTraceKey, "\": \"\"} y = Neg (u) ", Trace({4}),
                   "}"),
      R"("" my.Net
         a my.A
         a.q my.Q
         a.k my.Q
         b my.B
         c my.B)");
  const ModuleRows rows(model.owned(), Folding::kOff);
  const absl::StatusOr<LinesOfModules> lines = FindSourceLines(model.owned(), rows);
  ASSERT_TRUE(lines.ok()) << lines.status();
  std::string text;
  for (uint32_t row = 0; row < rows.rows().size(); ++row) {
    absl::StrAppend(&text, "\"", rows.Path(row), "\" ", lines->rows[row], "\n");
  }
  EXPECT_EQ(text + lines->unattributed,
            "\"\" \n"
            "\"a\" net.py:1\n"
            "\"a.q\" net.py:20\n"
            "\"a.k\" net.py:33\n"
            "\"b\" net.py:2\n"
            "\"c\" \n"
            "net.py:4");
}

}  // namespace
}  // namespace modelexport
