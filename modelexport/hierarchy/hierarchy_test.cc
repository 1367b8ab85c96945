#include "modelexport/hierarchy/hierarchy.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_builder.h"

namespace modelexport {
namespace {

struct Listed {
  absl::string_view path;
  std::vector<absl::string_view> aliases;
};

Hierarchy Make(const std::vector<Listed>& modules,
               const std::vector<absl::string_view>& tensors = {}) {
  HierarchyBuilder builder;
  for (const Listed& module : modules) {
    EXPECT_TRUE(builder.AddModule({module.path, "", {}, module.aliases}).ok());
  }
  for (absl::string_view tensor : tensors) EXPECT_TRUE(builder.AddTensor({tensor}).ok());
  absl::StatusOr<Hierarchy> hierarchy = std::move(builder).Build();
  EXPECT_TRUE(hierarchy.ok()) << hierarchy.status();
  return *std::move(hierarchy);
}

// The path of what FindModule(name) finds, "none" for nothing.
std::string Found(const Hierarchy& hierarchy, absl::string_view name) {
  const ModuleId id = hierarchy.FindModule(name);
  return id.valid() ? std::string(hierarchy.module(id).path) : "none";
}

TEST(Hierarchy, FindsByPathAndAlias) {
  const Hierarchy h = Make({{"", {"self"}}, {"a", {"x.y", "z"}}, {"a.b", {}}});
  EXPECT_EQ(Found(h, ""), "");
  EXPECT_EQ(Found(h, "a"), "a");
  EXPECT_EQ(Found(h, "a.b"), "a.b");
  EXPECT_EQ(Found(h, "z"), "a");
  EXPECT_EQ(Found(h, "x.y"), "a");
  EXPECT_EQ(Found(h, "x"), "none");  // An alias implies no container.
  EXPECT_EQ(Found(h, "b"), "none");
  EXPECT_EQ(Found(h, "a."), "none");
  EXPECT_EQ(Found(h, ".a"), "none");
}

TEST(Hierarchy, AnAliasCoversTheTreeBelowIt) {
  const Hierarchy h = Make({{"", {"self"}},
                            {"shared", {"last"}},
                            {"shared.q", {}},
                            {"shared.q.proj", {"direct"}},
                            {"other", {"shared.tied"}},
                            {"other.leaf", {}}});
  EXPECT_EQ(Found(h, "last.q"), "shared.q");
  EXPECT_EQ(Found(h, "last.q.proj"), "shared.q.proj");
  EXPECT_EQ(Found(h, "last.none"), "none");
  // Through two aliases, and through the same one twice.
  EXPECT_EQ(Found(h, "last.tied.leaf"), "other.leaf");
  EXPECT_EQ(Found(h, "self.self.last.q"), "shared.q");
  // "lastly" does not lie below "last".
  EXPECT_EQ(Found(h, "lastly.q"), "none");
}

// Their order changes: the parent moves before its child, the implied "d" before "d.e".
TEST(Hierarchy, FindsModulesThatWereListedInAnotherOrder) {
  const Hierarchy h = Make({{"", {}}, {"b.c", {"x"}}, {"b", {"y"}}, {"d.e", {}}});
  for (absl::string_view path : {"b", "b.c", "d", "d.e"}) EXPECT_EQ(Found(h, path), path);
  EXPECT_EQ(Found(h, "x"), "b.c");
  EXPECT_EQ(Found(h, "y"), "b");
  EXPECT_EQ(h.children(h.FindModule("b")), (std::vector<ModuleId>{h.FindModule("x")}));
}

TEST(Hierarchy, FindsTheOwnerOfANameThatIsNoTensor) {
  const Hierarchy h = Make({{"", {}}, {"layer1", {"tied.x"}}, {"layer1.q", {}}});
  EXPECT_EQ(h.FindOwner("layer1.q.weight"), h.FindModule("layer1.q"));
  EXPECT_EQ(h.FindOwner("layer1.q"), h.FindModule("layer1"));
  EXPECT_EQ(h.FindOwner("tied.x.q.any.weight"), h.FindModule("layer1.q"));
  EXPECT_EQ(h.FindOwner("layer10.weight"), Hierarchy::root());
  EXPECT_EQ(h.FindOwner(""), Hierarchy::root());
}

// m0.x is an alias of m1, m1.x of m2 and so on.
TEST(Hierarchy, AliasesWithinAliasesAreFollowedToALimit) {
  constexpr int kModules = 20;
  std::vector<std::string> paths, aliases;
  for (int i = 0; i < kModules; ++i) {
    paths.push_back(absl::StrCat("m", i));
    aliases.push_back(absl::StrCat("m", i - 1, ".x"));
  }
  std::vector<Listed> modules = {{"", {}}, {paths[0], {}}};
  for (int i = 1; i < kModules; ++i) modules.push_back({paths[i], {aliases[i]}});
  const Hierarchy h = Make(modules);
  std::string name = "m0";
  for (int i = 1; i <= 17; ++i) {
    name += ".x";
    EXPECT_EQ(Found(h, name), paths[i]);  // One alias is found as it is, the others replaced.
  }
  EXPECT_EQ(Found(h, name + ".x"), "none");
}

TEST(Hierarchy, FindsTensorsBelowAnAliasOfTheirModule) {
  const Hierarchy h = Make({{"", {}}, {"shared", {"last"}}}, {"scale", "shared.weight"});
  EXPECT_EQ(h.FindTensor("scale"), TensorId(0));
  EXPECT_EQ(h.FindTensor("shared.weight"), TensorId(1));
  EXPECT_EQ(h.FindTensor("last.weight"), TensorId(1));
  EXPECT_FALSE(h.FindTensor("last.bias").valid());
  EXPECT_FALSE(h.FindTensor("weight").valid());
}

// Without the limit each of the 2^20 prefixes would be hashed: a terabyte in all.
TEST(Hierarchy, ALongNameCostsNoTime) {
  const Hierarchy h = Make({{"", {}}, {"a", {}}});
  std::string name = "a";
  for (int i = 0; i < 20; ++i) name += "." + name;
  EXPECT_EQ(Found(h, name), "none");
  EXPECT_FALSE(h.FindTensor(name).valid());
}

TEST(Hierarchy, ChildrenAndAncestors) {
  const Hierarchy h = Make({{"", {}}, {"a", {}}, {"b", {}}, {"a.x", {}}, {"a.y.z", {}}});
  const ModuleId a = h.FindModule("a"), b = h.FindModule("b"), x = h.FindModule("a.x"),
                 y = h.FindModule("a.y"), z = h.FindModule("a.y.z");
  EXPECT_EQ(h.children(Hierarchy::root()), (std::vector<ModuleId>{a, b}));
  EXPECT_EQ(h.children(a), (std::vector<ModuleId>{x, y}));
  EXPECT_EQ(h.children(y), (std::vector<ModuleId>{z}));
  EXPECT_TRUE(h.children(z).empty());

  EXPECT_EQ(h.CommonAncestor(x, z), a);
  EXPECT_EQ(h.CommonAncestor(z, a), a);
  EXPECT_EQ(h.CommonAncestor(z, z), z);
  EXPECT_EQ(h.CommonAncestor(b, z), Hierarchy::root());

  EXPECT_EQ(h.CommonAncestor(std::vector<Call>{{z, {}}, {y, {}}, {z, {}}}), y);
  EXPECT_EQ(h.CommonAncestor(std::vector<Call>{{z, {}}, {y, {}}, {x, {}}}), a);
  EXPECT_EQ(h.CommonAncestor(std::vector<Call>{{z, {}}, {b, {}}, {x, {}}}), Hierarchy::root());
  EXPECT_EQ(h.CommonAncestor(std::vector<Call>{{z, {}}}), z);
  EXPECT_FALSE(h.CommonAncestor(std::vector<Call>()).valid());

  EXPECT_TRUE(h.IsAncestorOrSelf(a, z));
  EXPECT_TRUE(h.IsAncestorOrSelf(z, z));
  EXPECT_TRUE(h.IsAncestorOrSelf(Hierarchy::root(), b));
  EXPECT_FALSE(h.IsAncestorOrSelf(x, z));
  EXPECT_FALSE(h.IsAncestorOrSelf(b, z));
  EXPECT_FALSE(h.IsAncestorOrSelf(z, a));
}

// Names this short would lie inside a std::string, and move with it.
TEST(Hierarchy, StaysValidWhenMoved) {
  std::vector<Hierarchy> moved;
  moved.push_back(Make({{"", {}}, {"a", {"b"}}}, {"a.w"}));
  const absl::string_view path = moved[0].module(ModuleId(1)).path;
  const absl::Span<const absl::string_view> aliases = moved[0].module(ModuleId(1)).aliases;
  moved.push_back(Make({{"", {}}}));  // Moves the first to a larger vector.
  const Hierarchy h = std::move(moved[0]);
  moved.clear();
  EXPECT_EQ(path, "a");
  EXPECT_EQ(aliases, (std::vector<absl::string_view>{"b"}));
  EXPECT_EQ(Found(h, "a"), "a");
  EXPECT_EQ(Found(h, "b"), "a");
  EXPECT_EQ(h.FindTensor("b.w"), TensorId(0));
  EXPECT_EQ(h.children(Hierarchy::root()), (std::vector<ModuleId>{ModuleId(1)}));
}

}  // namespace
}  // namespace modelexport
