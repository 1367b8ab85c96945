#include "modelexport/matching/scope_tree.h"

#include "modelexport/matching/scope_name.h"

namespace modelexport {

ScopeTree::ScopeTree(const Hierarchy& hierarchy) : scopes_(1) {
  hierarchy.calls().empty() ? AddModules(hierarchy) : AddCalls(hierarchy);
}

void ScopeTree::AddCalls(const Hierarchy& hierarchy) {
  std::vector<ScopeId> scope_of(hierarchy.calls().size());
  for (size_t i = 0; i < scope_of.size(); ++i) {
    const Call& call = hierarchy.calls()[i];
    if (!call.parent.valid()) {
      scope_of[i] = root();
    } else {
      scope_of[i] =
          Enter(scope_of[call.parent.index()], SegmentOfPath(hierarchy.module(call.module).path));
    }
    scopes_[scope_of[i].index()].entries.push_back({call.module, CallId(i)});
  }
}

void ScopeTree::AddModules(const Hierarchy& hierarchy) {
  std::vector<ScopeId> scope_of(hierarchy.modules().size());
  scopes_[0].entries.push_back({Hierarchy::root(), CallId()});
  scope_of[0] = root();
  for (size_t i = 1; i < scope_of.size(); ++i) {
    const Module& module = hierarchy.modules()[i];
    scope_of[i] = scope_of[module.parent.index()];
    const absl::string_view segment = SegmentOfPath(module.path);
    if (!module.MayHaveBeenCalled()) {
      // Nothing says that it was not called after all, as a Sequential: its segment leads on.
      if (!module.calls.has_value()) children_.try_emplace({scope_of[i], segment}, scope_of[i]);
      continue;
    }
    scope_of[i] = Enter(scope_of[i], segment);
    scopes_[scope_of[i].index()].entries.push_back({ModuleId(i), CallId()});
    const auto added = anywhere_.emplace(segment, scope_of[i]);
    if (!added.second) added.first->second = ScopeId();
  }
}

ScopeId ScopeTree::Enter(ScopeId parent, absl::string_view segment) {
  ScopeId& child = children_[std::make_pair(parent, segment)];
  if (!child.valid() || child == parent) {
    child = ScopeId(scopes_.size());
    Scope& scope = scopes_[parent.index()];
    scope.only_child = ++scope.num_children == 1 ? child : ScopeId();
    scopes_.emplace_back();
  }
  return child;
}

ScopeId ScopeTree::Child(ScopeId parent, absl::string_view segment) const {
  const auto found = children_.find({parent, segment});
  return found == children_.end() ? ScopeId() : found->second;
}

ScopeId ScopeTree::Anywhere(absl::string_view segment) const {
  const auto found = anywhere_.find(segment);
  return found == anywhere_.end() ? ScopeId() : found->second;
}

ScopeId ScopeTree::OnlyChild(ScopeId scope) const { return scopes_[scope.index()].only_child; }

absl::Span<const ScopeTree::Entry> ScopeTree::entries(ScopeId scope) const {
  return scopes_[scope.index()].entries;
}

}  // namespace modelexport
