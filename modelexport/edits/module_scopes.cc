#include "modelexport/edits/module_scopes.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/number_text.h"
#include "modelexport/evidence/names/scope_name.h"

namespace modelexport {
namespace {

std::string Below(const std::string& scope, const Module& module) {
  std::string below = absl::StrCat(scope, "/", SegmentOfPath(module.path));
  if (below.size() > Hierarchy::kMaxNameSize) return ScopeOfPath(module.path);
  return below;
}

}  // namespace

std::string ScopeOfPath(absl::string_view path) {
  std::string scope;
  if (path.empty()) return scope;
  for (const absl::string_view atom : absl::StrSplit(path, '.')) {
    absl::StrAppend(&scope, IsNumber(atom) && !scope.empty() ? "." : "/", atom);
  }
  return scope;
}

ModuleScopes::ModuleScopes(const Hierarchy* hierarchy) : hierarchy_(hierarchy) {
  if (hierarchy == nullptr) return;
  scopes_.reserve(hierarchy->modules().size());
  // A parent comes before its children.
  for (const Module& module : hierarchy->modules()) {
    std::string scope;
    if (module.parent.valid()) {
      scope = scopes_[module.parent.index()];
      if (module.MayHaveBeenCalled()) scope = Below(scope, module);
    }
    scopes_.push_back(std::move(scope));
  }
}

std::string ModuleScopes::Of(absl::string_view path) const {
  if (hierarchy_ == nullptr || path.empty()) return ScopeOfPath(path);
  const ModuleId id = hierarchy_->FindModule(path);
  if (!id.valid() || hierarchy_->module(id).path != path) return ScopeOfPath(path);
  const Module& module = hierarchy_->module(id);
  if (module.MayHaveBeenCalled()) return scopes_[id.index()];
  return Below(scopes_[id.index()], module);
}

}  // namespace modelexport
