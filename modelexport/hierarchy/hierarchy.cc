#include "modelexport/hierarchy/hierarchy.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace modelexport {

absl::string_view Hierarchy::NearestNameAbove(absl::string_view name) const {
  if (name.size() > kMaxNameSize) return "";
  size_t dot = name.rfind('.');
  while (dot != absl::string_view::npos && dot > 0) {
    const absl::string_view above = name.substr(0, dot);
    if (module_by_name_.Find(above).valid()) return above;
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
  const ModuleId found = module_by_name_.Find(path);
  if (found.valid()) return found;
  // Each replacement leaves fewer segments to find, so this ends.
  const absl::optional<std::string> replaced = ReplaceAliasAbove(path);
  return replaced.has_value() ? FindModule(*replaced) : ModuleId();
}

ModuleId Hierarchy::FindOwner(absl::string_view name) const {
  const absl::optional<std::string> replaced = ReplaceAliasAbove(name);
  return replaced.has_value() ? FindOwner(*replaced) : module_by_name_.Find(NearestNameAbove(name));
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
  const TensorId found = tensor_by_name_.Find(name_or_alias);
  if (found.valid()) return found;
  const absl::optional<std::string> replaced = ReplaceAliasAbove(name_or_alias);
  return replaced.has_value() ? FindTensor(*replaced) : TensorId();
}

}  // namespace modelexport
