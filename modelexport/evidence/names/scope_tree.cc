#include "modelexport/evidence/names/scope_tree.h"

#include <memory>

#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/names/scope_name.h"

namespace modelexport {

ScopeTree::ScopeTree(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled) : scopes_(1) {
  hierarchy.calls().empty() ? AddModules(hierarchy, cancelled) : AddCalls(hierarchy, cancelled);
  SortEntries();
}

void ScopeTree::AddCalls(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled) {
  std::vector<ScopeId> scope_of(hierarchy.calls().size());
  for (size_t i = 0; i < scope_of.size(); ++i) {
    if (EndsEarly(cancelled, i)) break;
    const Call& call = hierarchy.calls()[i];
    scope_of[i] = !call.parent.valid()
                      ? root()
                      : Enter(scope_of[call.parent.index()],
                              Intern(SegmentOfPath(hierarchy.module(call.module).path)));
    AddEntry(scope_of[i], {call.module, CallId(i)});
  }
}

void ScopeTree::AddModules(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled) {
  const size_t count = hierarchy.modules().size();
  std::vector<ScopeId> scope_of(count);
  scopes_.reserve(count);
  AddEntry(root(), {Hierarchy::root(), CallId()});
  scope_of[0] = root();
  for (size_t i = 1; i < count; ++i) {
    if (EndsEarly(cancelled, i)) break;
    const Module& module = hierarchy.modules()[i];
    scope_of[i] = scope_of[module.parent.index()];
    const SegmentId segment = Intern(SegmentOfPath(module.path));
    if (!module.MayHaveBeenCalled()) {
      // Nothing says that it was not called after all, as a Sequential: its segment leads on.
      if (!module.calls.has_value()) others_.try_emplace({scope_of[i], segment}, scope_of[i]);
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

ScopeId ScopeTree::Find(ScopeId parent, SegmentId segment) const {
  const Scope& scope = scopes_[parent.index()];
  for (ScopeId child = scope.first_child; child.valid();) {
    const Scope& listed = scopes_[child.index()];
    if (listed.segment == segment) return child;
    child = listed.next_sibling;
  }
  const auto found = others_.find({parent, segment});
  return found == others_.end() ? ScopeId() : found->second;
}

ScopeId ScopeTree::Enter(ScopeId parent, SegmentId segment) {
  const ScopeId known = Find(parent, segment);
  if (known.valid() && known != parent) return known;
  const ScopeId child(scopes_.size());
  scopes_.emplace_back().segment = segment;
  Scope& scope = scopes_[parent.index()];
  if (++scope.num_children > kMaxListed) {
    others_[{parent, segment}] = child;
  } else {
    scopes_.back().next_sibling = scope.first_child;
    scope.first_child = child;
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
  return id.valid() ? Find(parent, id) : ScopeId();
}

ScopeId ScopeTree::Anywhere(absl::string_view segment) const {
  const SegmentId id = segments_.Find(segment);
  if (!id.valid() || id.index() >= anywhere_.size()) return ScopeId();
  const ScopeId scope = anywhere_[id.index()];
  return scope == root() ? ScopeId() : scope;
}

absl::Span<const ScopeTree::Entry> ScopeTree::entries(ScopeId scope) const {
  const size_t begin = scope == root() ? 0 : scopes_[scope.index() - 1].end_entry;
  return absl::MakeSpan(entries_).subspan(begin, scopes_[scope.index()].end_entry - begin);
}

const ScopeTree& ScopesOf(const MatchContext& context) {
  return context.Share<ScopeTree>([&context] {
    return std::make_unique<const ScopeTree>(context.hierarchy, context.cancelled());
  });
}

}  // namespace modelexport
