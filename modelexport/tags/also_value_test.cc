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
  EXPECT_EQ(Parsed(R"(["a", 1])"), "$[1]: expected a string, found 1");
  EXPECT_EQ(Parsed("{}"), "$: expected a list, found an object");
  EXPECT_EQ(Parsed(R"(["a")").substr(0, 5), "byte ");
  EXPECT_EQ(Parsed("").substr(0, 8), "byte 0: ");
}

}  // namespace
}  // namespace modelexport
