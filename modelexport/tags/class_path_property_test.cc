// What class paths promise, on random hierarchies.
#include <map>
#include <random>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_builder.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/tags/class_path.h"

namespace modelexport {
namespace {

// Few and awkward names, so that many clash: atoms that are classes, numbers, separators.
class RandomHierarchy {
 public:
  explicit RandomHierarchy(int seed) : random_(seed) {}

  Hierarchy Make() {
    const bool calls_known = Number(2) == 0;
    std::set<std::string> paths;
    HierarchyBuilder builder;
    EXPECT_TRUE(builder.AddModule({"", Class()}).ok());
    for (int i = Number(12); i >= 0; --i) {
      std::string path = Atom();
      for (int depth = Number(3); depth > 0; --depth) absl::StrAppend(&path, ".", Atom());
      const std::string class_name = Class();
      ModuleEntry entry{path, class_name};
      if (calls_known) entry.calls = Number(3);
      if (!paths.insert(path).second) continue;
      EXPECT_TRUE(builder.AddModule(entry).ok());
    }
    return *std::move(builder).Build();
  }

 private:
  int Number(int below) { return static_cast<int>(random_() % below); }

  std::string Atom() {
    constexpr const char* kAtoms[] = {"A", "B", "0", "1", "01", "a/b", "\\", "x"};
    return kAtoms[Number(8)];
  }

  std::string Class() {
    constexpr const char* kClasses[] = {"",     "A",
                                        "my.A", "my.B",
                                        "my.",  "my.A/B",
                                        "my.0", "torch.nn.modules.linear.A",
                                        "\\",   "torch.nn.modules.container.B"};
    return kClasses[Number(10)];
  }

  std::mt19937 random_;
};

std::string CheckPaths(const Hierarchy& hierarchy, const ClassPaths& paths) {
  std::map<std::string, ModuleId> seen;
  for (size_t i = 0; i < hierarchy.modules().size(); ++i) {
    const ModuleId id(i);
    const std::string path = paths.Of(id);
    if (!paths.shown(id)) {
      if (path != paths.Of(hierarchy.module(id).parent)) return "a hidden module has its own path";
      continue;
    }
    if (!seen.emplace(path, id).second) return absl::StrCat("twice: ", path);
    if (id == Hierarchy::root()) continue;
    const ModuleId parent = hierarchy.module(id).parent;
    if (!absl::StartsWith(path, paths.Of(parent) + "/")) return absl::StrCat("not below: ", path);
    if (paths.DepthOf(id) != paths.DepthOf(parent) + 1) return absl::StrCat("depth of ", path);
  }
  return "";
}

TEST(ClassPathProperty, ShownModulesNeverShareAPathAndLieBelowTheirParents) {
  for (int seed = 0; seed < 20000; ++seed) {
    const Hierarchy hierarchy = RandomHierarchy(seed).Make();
    for (NnModules nn_modules : {NnModules::kHide, NnModules::kShow}) {
      const ClassPaths paths(hierarchy, nn_modules);
      ASSERT_EQ(CheckPaths(hierarchy, paths), "") << "seed " << seed << "\n" << ToText(hierarchy);
    }
  }
}

}  // namespace
}  // namespace modelexport
