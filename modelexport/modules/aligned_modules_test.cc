#include "modelexport/modules/aligned_modules.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

std::string AlignedText(absl::string_view lines_a, absl::string_view lines_b) {
  const Hierarchy a = HierarchyOf(lines_a), b = HierarchyOf(lines_b);
  const AlignedModules aligned = AlignModules(a, b);
  std::string text;
  for (size_t row = 0; row < aligned.rows.size(); ++row) {
    const AlignedModule& module = aligned.rows[row];
    EXPECT_TRUE(!module.a.valid() || aligned.row_of_a[module.a.index()] == row);
    EXPECT_TRUE(!module.b.valid() || aligned.row_of_b[module.b.index()] == row);
    absl::StrAppend(&text, row, " in ", module.parent, ":", std::string(2 * module.depth + 1, ' '),
                    "\"", module.a.valid() ? a.module(module.a).path : "-", "\" \"",
                    module.b.valid() ? b.module(module.b).path : "-", "\"\n");
  }
  return text;
}

TEST(AlignedModules, ByPathWithThoseOfOneFileAmongThem) {
  EXPECT_EQ(AlignedText(R"("" my.Net
                           old my.Old
                           old.q my.Q
                           l.0 my.L
                           l.0.act my.Act)",
                        R"("" my.Net
                           l.1 my.L
                           l.1.act my.Act
                           l.0 my.L
                           l.0.norm my.Norm
                           new my.New)"),
            R"(0 in 0: "" ""
1 in 0:   "old" "-"
2 in 1:     "old.q" "-"
3 in 0:   "l" "l"
4 in 3:     "l.0" "l.0"
5 in 4:       "l.0.act" "-"
6 in 4:       "-" "l.0.norm"
7 in 3:     "-" "l.1"
8 in 7:       "-" "l.1.act"
9 in 0:   "-" "new"
)");
}

TEST(AlignedModules, AliasesDoNotCount) {
  EXPECT_EQ(AlignedText("\"\" my.Net\nshared my.S 1 last", "\"\" my.Net\nlast my.S\n"),
            "0 in 0: \"\" \"\"\n1 in 0:   \"shared\" \"-\"\n2 in 0:   \"-\" \"last\"\n");
}

}  // namespace
}  // namespace modelexport
