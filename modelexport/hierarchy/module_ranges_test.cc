#include "modelexport/hierarchy/module_ranges.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

TEST(ModuleRanges, WhatIsBelowAModuleHasTheNumbersAfterIt) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""     my.Model
    a      my.A
    b      my.B
    a.x    my.X
    b.x    my.X
    a.x.y  my.Y
    a.z    my.Z
  )");
  const ModuleRanges ranges(hierarchy);
  std::string text;
  for (size_t m = 0; m < hierarchy.modules().size(); ++m) {
    absl::StrAppend(&text, hierarchy.modules()[m].path, "=", ranges.number(ModuleId(m)), " ");
  }
  EXPECT_EQ(text, "=0 a=1 b=5 a.x=2 b.x=6 a.x.y=3 a.z=4 ");
  for (size_t a = 0; a < hierarchy.modules().size(); ++a) {
    for (size_t b = 0; b < hierarchy.modules().size(); ++b) {
      EXPECT_EQ(ranges.IsAncestorOrSelf(ModuleId(a), ModuleId(b)),
                hierarchy.IsAncestorOrSelf(ModuleId(a), ModuleId(b)))
          << a << " " << b;
    }
  }
}

}  // namespace
}  // namespace modelexport
