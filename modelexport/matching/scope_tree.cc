#include "modelexport/matching/scope_tree.h"

#include "modelexport/matching/scope_name.h"

namespace modelexport {

ScopeTree::ScopeTree(const Hierarchy& hierarchy) : scopes_(1) {
  hierarchy.calls().empty() ? AddModules(hierarchy) : AddCalls(hierarchy);
  SortEntries();
}

void ScopeTree::AddCalls(const Hierarchy& hierarchy) {
  std::vector<ScopeId> scope_of(hierarchy.calls().size());
  for (size_t i = 0; i < scope_of.size(); ++i) {
    const Call& call = hierarchy.calls()[i];
    scope_of[i] = !call.parent.valid()
                      ? root()
                      : Enter(scope_of[call.parent.index()],
                              Intern(SegmentOfPath(hierarchy.module(call.module).path)));
    AddEntry(scope_of[i], {call.module, CallId(i)});
  }
}

void ScopeTree::AddModules(const Hierarchy& hierarchy) {
  const size_t count = hierarchy.modules().size();
  std::vector<ScopeId> scope_of(count);
  scopes_.reserve(count);
  children_.reserve(count);
  AddEntry(root(), {Hierarchy::root(), CallId()});
  scope_of[0] = root();
  for (size_t i = 1; i < count; ++i) {
    const Module& module = hierarchy.modules()[i];
    scope_of[i] = scope_of[module.parent.index()];
    const SegmentId segment = Intern(SegmentOfPath(module.path));
    if (!module.MayHaveBeenCalled()) {
      // Nothing says that it was not called after all, as a Sequential: its segment leads on.
      if (!module.calls.has_value()) children_.try_emplace({scope_of[i], segment}, scope_of[i]);
      continue;
    }
    scope_of[i] = Enter(scope_of[i], segment);
    AddEntry(scope_of[i], {ModuleId(i), CallId()});
    anywhere_.resize(segments_.names().size());
    ScopeId& anywhere = anywhere_[segment.index()];
    anywhere = anywhere.valid() ? root() : scope_of[i];
  }
}

ScopeTree::SegmentId ScopeTree::Intern(absl::string_view segment) {
  return segments_.Insert(segment, SegmentId(segments_.names().size())).first;
}

ScopeId ScopeTree::Enter(ScopeId parent, SegmentId segment) {
  ScopeId& child = children_[std::make_pair(parent, segment)];
  if (!child.valid() || child == parent) {
    child = ScopeId(scopes_.size());
    Scope& scope = scopes_[parent.index()];
    scope.only_child = ++scope.num_children == 1 ? child : ScopeId();
    scopes_.emplace_back();
  }
  return child;
}

void ScopeTree::AddEntry(ScopeId scope, Entry entry) {
  ++scopes_[scope.index()].end_entry;  // A count, for now.
  entries_.push_back(entry);
  scope_of_.push_back(scope);
}

void ScopeTree::SortEntries() {
  uint32_t begin = 0;
  for (Scope& scope : scopes_) {
    const uint32_t count = scope.end_entry;
    scope.end_entry = begin;  // Grows to the end as the entries are placed.
    begin += count;
  }
  std::vector<Entry> sorted(entries_.size());
  for (size_t i = 0; i < entries_.size(); ++i) {
    sorted[scopes_[scope_of_[i].index()].end_entry++] = entries_[i];
  }
  entries_ = std::move(sorted);
  scope_of_ = {};
}

ScopeId ScopeTree::Child(ScopeId parent, absl::string_view segment) const {
  const SegmentId id = segments_.Find(segment);
  if (!id.valid()) return ScopeId();
  const auto found = children_.find({parent, id});
  return found == children_.end() ? ScopeId() : found->second;
}

ScopeId ScopeTree::Anywhere(absl::string_view segment) const {
  const SegmentId id = segments_.Find(segment);
  if (!id.valid() || id.index() >= anywhere_.size()) return ScopeId();
  const ScopeId scope = anywhere_[id.index()];
  return scope == root() ? ScopeId() : scope;
}

ScopeId ScopeTree::OnlyChild(ScopeId scope) const { return scopes_[scope.index()].only_child; }

absl::Span<const ScopeTree::Entry> ScopeTree::entries(ScopeId scope) const {
  const size_t begin = scope == root() ? 0 : scopes_[scope.index() - 1].end_entry;
  return absl::MakeSpan(entries_).subspan(begin, scopes_[scope.index()].end_entry - begin);
}

}  // namespace modelexport
