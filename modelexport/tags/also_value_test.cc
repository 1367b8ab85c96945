#include "modelexport/tags/also_value.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

std::string Parsed(absl::string_view value) {
  const absl::StatusOr<std::vector<std::string>> paths = ParseAlso(value);
  return paths.ok() ? absl::StrJoin(*paths, "|") : std::string(paths.status().message());
}

TEST(AlsoValue, IsAJsonArrayOfPaths) {
  const Hierarchy hierarchy = testing::HierarchyOf(R"(
    ""       my.Net
    conv     my.Conv
    bn"1\    my.Norm
  )");
  const std::vector<ModuleId> all = {ModuleId(0), ModuleId(1), ModuleId(2)};
  const std::string value = RenderAlso(hierarchy, all);
  EXPECT_EQ(value, R"(["","conv","bn\"1\\"])");
  EXPECT_EQ(Parsed(value), R"(|conv|bn"1\)");
  EXPECT_EQ(RenderAlso(hierarchy, {}), "[]");
  EXPECT_EQ(Parsed("[]"), "");
  EXPECT_EQ(Parsed(" [ \"a\", \"b\" ] "), "a|b");
}

TEST(AlsoValue, ErrorsNameThePlace) {
  EXPECT_EQ(Parsed(R"(["a", 1])"), "$[1]: is a number, not a string");
  EXPECT_EQ(Parsed(R"("a")"), "$: is a string, not a list");
  EXPECT_EQ(Parsed(R"(["a")"), "byte 4: unexpected end of input; expected ']'");
  EXPECT_EQ(Parsed(""), "byte 0: unexpected end of input; expected '[', '{', or a literal");
}

}  // namespace
}  // namespace modelexport
