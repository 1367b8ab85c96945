#include "modelexport/evidence/tensors/module_names.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

// The module of each name of a file, then the note.
std::string Read(const std::vector<absl::string_view>& names) {
  const Hierarchy hierarchy = testing::HierarchyOf(R"(
    ""     my.Net
    a      my.A
    a.b    my.B
    net.q  my.D
    net.r  my.E
  )");
  const ModuleNames modules(hierarchy, names);
  std::string text;
  for (absl::string_view name : names) {
    const ModuleId module = modules.Find(name);
    absl::StrAppend(&text, name, " -> ", module.valid() ? hierarchy.module(module).path : "none",
                    "\n");
  }
  return absl::StrCat(text, modules.note());
}

TEST(ModuleNames, AreParametersOfModules) {
  EXPECT_EQ(Read({"a.scale", "a.b.weight_quantized", "a.b.weight_scale", "a.c.weight", "x"}),
            "a.scale -> a\na.b.weight_quantized -> a.b\na.b.weight_scale -> none\n"
            "a.c.weight -> none\nx -> none\n");
}

TEST(ModuleNames, AreNoScopes) {
  EXPECT_EQ(Read({"a/b.c", "onnx::a.b"}), "a/b.c -> none\nonnx::a.b -> none\n");
}

TEST(ModuleNames, MayHaveWrappers) {
  EXPECT_EQ(Read({"m.n.a.scale", "m.n.a.b.weight", "m1"}),
            "m.n.a.scale -> a\nm.n.a.b.weight -> a.b\nm1 -> none\n"
            "the file's names begin with \"m.n\", a wrapper that the hierarchy does not have");
}

TEST(ModuleNames, SayMoreThanAModule) { EXPECT_EQ(Read({"x.a"}), "x.a -> none\n"); }

TEST(ModuleNames, MayBeThoseOfAPart) {
  EXPECT_EQ(Read({"q.weight", "r.weight", "x"}),
            "q.weight -> net.q\nr.weight -> net.r\nx -> none\n"
            "the file's names begin at \"net\", below a wrapper that the file does not have");
}

TEST(ModuleNames, MayHaveAPrefix) {
  EXPECT_EQ(Read({"m1_a.scale", "m1_net.q.weight"}),
            "m1_a.scale -> a\nm1_net.q.weight -> net.q\nall names begin with \"m1_\"");
}

}  // namespace
}  // namespace modelexport
