#include "modelexport/hierarchy/hierarchy.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace modelexport {
namespace {

// How many aliases within each other are followed. Shared modules within shared modules are rarely
// two.
constexpr int kMaxNestedAliases = 16;

}  // namespace

absl::string_view Hierarchy::NearestNameAbove(absl::string_view name) const {
  if (name.size() > kMaxNameSize) return "";
  size_t segments = std::count(name.begin(), name.end(), '.');  // Of what is above the last dot.
  size_t dot = name.rfind('.');
  for (; dot != absl::string_view::npos && dot > 0; --segments) {
    const absl::string_view above = name.substr(0, dot);
    if (segments <= kMaxSegments && module_by_name_.Find(above).valid()) return above;
    dot = name.rfind('.', dot - 1);
  }
  return "";
}

absl::optional<std::string> Hierarchy::ReplaceAliasAbove(absl::string_view name) const {
  const absl::string_view above = NearestNameAbove(name);
  const absl::string_view path = module(module_by_name_.Find(above)).path;
  // Every module above a path is known by its path (HierarchyBuilder), so no alias is left.
  if (path == above) return absl::nullopt;
  const absl::string_view below = name.substr(above.size() + 1);
  return path.empty() ? std::string(below) : absl::StrCat(path, ".", below);
}

ModuleId Hierarchy::FindModule(absl::string_view path) const {
  return FindBehindAliases(module_by_name_, path);
}

ModuleId Hierarchy::FindByPath(absl::string_view path) const {
  const ModuleId found = module_by_name_.Find(path);
  return found.valid() && module(found).path == path ? found : ModuleId();
}

ModuleId Hierarchy::FindOwner(absl::string_view name) const {
  ModuleId owner;
  FollowAliases(name, [&](absl::string_view next) {
    owner = module_by_name_.Find(NearestNameAbove(next));
    return false;
  });
  return owner;
}

ModuleId Hierarchy::CommonAncestor(ModuleId a, ModuleId b) const {
  while (a != b) {
    ModuleId& later = a < b ? b : a;
    later = module(later).parent;
  }
  return a;
}

bool Hierarchy::IsAncestorOrSelf(ModuleId ancestor, ModuleId id) const {
  while (ancestor < id) id = module(id).parent;
  return ancestor == id;
}

absl::string_view Hierarchy::PathBelow(ModuleId base, ModuleId id) const {
  absl::string_view path = module(id).path.substr(module(base).path.size());
  absl::ConsumePrefix(&path, ".");
  return path;
}

std::string Hierarchy::PathAt(ModuleId base, absl::string_view below) const {
  const absl::string_view path = module(base).path;
  return absl::StrCat(path, path.empty() || below.empty() ? "" : ".", below);
}

ModuleId Hierarchy::NearestCalled(ModuleId id) const {
  while (id != root() && !module(id).MayHaveBeenCalled()) id = module(id).parent;
  return id;
}

TensorId Hierarchy::FindTensor(absl::string_view name_or_alias) const {
  return FindBehindAliases(tensor_by_name_, name_or_alias);
}

template <typename Id>
Id Hierarchy::FindBehindAliases(const NameMap<Id>& names, absl::string_view name) const {
  Id found;
  FollowAliases(name, [&](absl::string_view next) {
    found = names.Find(next);
    return found.valid();
  });
  return found;
}

template <typename Visit>
void Hierarchy::FollowAliases(absl::string_view name, Visit visit) const {
  if (visit(name)) return;
  std::string replaced;
  for (int left = kMaxNestedAliases; left > 0; --left) {
    absl::optional<std::string> next = ReplaceAliasAbove(name);
    if (!next.has_value()) return;
    replaced = *std::move(next);
    name = replaced;
    if (visit(name)) return;
  }
}

}  // namespace modelexport
