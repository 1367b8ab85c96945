#include "modelexport/evidence/names/scope_walk.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/number_text.h"
#include "modelexport/evidence/names/scope_name.h"

namespace modelexport {
namespace {

// A scope that stands for more calls than this in doubt is left to other evidence for the call.
constexpr size_t kMaxCallsInDoubt = 16;

// Of more modules than this, a scope means their common ancestor.
constexpr size_t kMaxModules = 64;

// What follows `dropped`, with which the file's scopes begin; "" of a scope that is a part of it.
absl::string_view Below(absl::string_view dropped, absl::string_view scope) {
  if (scope.size() <= dropped.size()) return "";
  return absl::StartsWith(scope, dropped) ? scope.substr(dropped.size() + 1) : scope;
}

// Whether a segment other than the first is a number.
bool HasNumberBelow(absl::string_view scope) {
  for (size_t slash = scope.find('/'); slash != scope.npos; slash = scope.find('/', slash + 1)) {
    if (slash + 1 == scope.size() || !absl::ascii_isdigit(scope[slash + 1])) continue;
    const absl::string_view rest = scope.substr(slash + 1);
    if (IsNumber(rest.substr(0, rest.find('/')))) return true;
  }
  return false;
}

}  // namespace

ScopeWalk::ScopeWalk(const Hierarchy& hierarchy) : hierarchy_(hierarchy) {
  if (!hierarchy.ops().empty()) has_ops_.resize(hierarchy.calls().size());
  for (const Op& op : hierarchy.ops()) has_ops_[op.call.index()] = true;
}

// Nodes of one scope mostly follow each other.
uint32_t ScopeWalk::AddScope(absl::string_view scope) {
  const absl::Span<const absl::string_view> all = scopes_.names();
  if (!last_added_.valid() || all[last_added_.index()] != scope) {
    last_added_ = scopes_.Insert(scope, ScopeNumber(all.size())).first;
  }
  return static_cast<uint32_t>(last_added_.index());
}

// Walks scopes through the tree, each from where it parts from the one before.
class ScopeWalk::Walker {
 public:
  Walker(const ScopeWalk& walk, const Alignment& alignment) : walk_(walk), alignment_(alignment) {}

  Walk Run(absl::string_view scope) {
    Walk walk;
    walk.deepest = alignment_.start;
    if (!alignment_.dropped.empty()) scope = Below(alignment_.dropped, scope);
    if (scope.empty()) {
      walk.readings.push_back({alignment_.start, 0});
      return walk;
    }
    size_t begin = GoBackTo(scope);
    size_t slash;
    while ((slash = scope.find('/', begin)) != absl::string_view::npos) {
      const ScopeId next = walk_.Find(deepest(), scope.substr(begin, slash - begin), alignment_);
      if (!next.valid()) break;
      begin = slash + 1;
      steps_.push_back({begin, next});
    }
    last_ = scope;
    walk.deepest = deepest();
    walk.depth = static_cast<uint32_t>(steps_.size());
    if (slash != absl::string_view::npos) return walk;
    walk.readings = walk_.ReadLast(walk.deepest, scope.substr(begin), alignment_);
    walk.depth += !walk.readings.empty();
    return walk;
  }

 private:
  // A segment that was found, but for the last of a scope.
  struct Step {
    size_t end;  // Behind its slash.
    ScopeId scope;
  };

  ScopeId deepest() const { return steps_.empty() ? alignment_.start : steps_.back().scope; }

  // Leaves the steps that `scope` has in common with the last one. Returns where they end.
  size_t GoBackTo(absl::string_view scope) {
    while (!steps_.empty()) {
      const size_t end = steps_.back().end;
      if (scope.substr(0, end) == last_.substr(0, end)) return end;
      steps_.pop_back();
    }
    return 0;
  }

  const ScopeWalk& walk_;
  const Alignment alignment_;
  absl::string_view last_;
  std::vector<Step> steps_;
};

std::string ScopeWalk::Resolve(const ScopeTree& tree, const std::atomic<bool>* cancelled) {
  tree_ = &tree;
  FindEntriesWithNodes(cancelled);
  if (IsCancelled(cancelled)) return "";
  const WrapperPrefix wrapper = ChooseWrapper();
  const Alignment alignment = AlignmentBy(wrapper);
  WalkAll(alignment, cancelled);
  if (IsCancelled(cancelled)) return "";
  if (LearnNicknames(alignment)) WalkAll(alignment, cancelled);
  for (size_t i = 0; i < walks_.size(); ++i) {
    if (EndsEarly(cancelled, i)) return "";
    AppendEntries(&walks_[i]);
    is_scripted_ = is_scripted_ || (complete(i) && HasNumberBelow(scope(i)));
  }
  return wrapper.Describe();
}

void ScopeWalk::WalkAll(const Alignment& alignment, const std::atomic<bool>* cancelled) {
  walks_.clear();
  walks_.reserve(scopes_.names().size());
  times_seen_.assign(tree_->size(), 0);
  Walker walker(*this, alignment);
  for (absl::string_view scope : scopes_.names()) {
    if (EndsEarly(cancelled, walks_.size())) return;
    walks_.push_back(walker.Run(scope));
    for (const Reading& reading : walks_.back().readings) {
      uint32_t& seen = times_seen_[reading.scope.index()];
      seen = std::max(seen, reading.number + 1);
    }
  }
}

// Only below what is known: a first segment may be that of a wrapper. Returns whether there are
// any.
bool ScopeWalk::LearnNicknames(const Alignment& alignment) {
  for (size_t i = 0; i < walks_.size(); ++i) {
    if (!walks_[i].readings.empty() || walks_[i].depth == 0) continue;
    absl::string_view rest = scope(static_cast<uint32_t>(i));
    if (!alignment.dropped.empty()) rest = Below(alignment.dropped, rest);
    for (uint32_t depth = 0; depth < walks_[i].depth; ++depth) {
      rest.remove_prefix(rest.find('/') + 1);
    }
    const size_t slash = rest.find('/');
    if (slash == rest.npos) continue;
    const absl::string_view unknown = rest.substr(0, slash);
    const absl::string_view next = rest.substr(slash + 1, rest.find('/', slash + 1) - slash - 1);
    const ScopeId child = OnlyChildWith(walks_[i].deepest, next);
    if (child == ScopeTree::root()) continue;
    const auto added = nicknames_.try_emplace({walks_[i].deepest, unknown}, child);
    if (added.first->second != child) added.first->second = ScopeId();
  }
  return !nicknames_.empty();
}

// The root if no child has it, which is the child of none; invalid if several have.
ScopeId ScopeWalk::OnlyChildWith(ScopeId parent, absl::string_view segment) const {
  const absl::Span<const ModuleId> children = hierarchy_.children(tree_->entries(parent)[0].module);
  if (children.size() > kMaxModules) return ScopeTree::root();
  ScopeId found = ScopeTree::root();
  for (const ModuleId module : children) {
    const ScopeId child = tree_->Child(parent, SegmentOfPath(hierarchy_.module(module).path));
    if (!child.valid() || !tree_->Child(child, segment).valid()) continue;
    found = found == ScopeTree::root() ? child : ScopeId();
    if (!found.valid()) break;
  }
  return found;
}

WrapperPrefix ScopeWalk::ChooseWrapper() {
  return WrapperPrefix::Choose(
      WrapperPrefix::kScopes, scopes_.names(),
      [this](absl::Span<const absl::string_view> first) { return FindStarts(first); },
      [this](const WrapperPrefix& wrapper, absl::Span<const absl::string_view> sample) {
        return CountComplete(AlignmentBy(wrapper), sample);
      });
}

ScopeWalk::Alignment ScopeWalk::AlignmentBy(const WrapperPrefix& wrapper) const {
  const absl::string_view dropped = wrapper.dropped();
  if (!dropped.empty()) {
    return {ScopeTree::root(), dropped, dropped.substr(dropped.rfind('/') + 1)};
  }
  for (const ScopeId start : starts_) {
    if (PathOf(start) == wrapper.prepended()) return {start, "", SegmentOfPath(PathOf(start))};
  }
  return {};
}

// Also as a file without what is above `scope` writes it, and with the number of a repeated call.
bool ScopeWalk::HasBelow(ScopeId scope, absl::string_view segment) const {
  if (tree_->Child(scope, segment).valid()) return true;
  if (!segment.empty() && absl::ascii_isdigit(segment[0])) {
    const absl::string_view above = SegmentOfPath(PathOf(scope));
    if (tree_->Child(scope, absl::StrCat(above, ".", segment)).valid()) return true;
  }
  const absl::optional<NumberedSegment> cut = CutNumber(segment);
  return cut.has_value() && HasBelow(scope, cut->base);
}

absl::string_view ScopeWalk::PathOf(ScopeId scope) const {
  return hierarchy_.module(tree_->entries(scope)[0].module).path;
}

// Only a few of the first segments are looked up in each scope.
std::vector<std::string> ScopeWalk::FindStarts(absl::Span<const absl::string_view> first) {
  constexpr size_t kLookedUp = 8;
  std::vector<absl::string_view> wanted(first.begin(), first.end());
  std::sort(wanted.begin(), wanted.end());
  if (wanted.size() > kLookedUp) wanted.resize(kLookedUp);
  std::vector<size_t> places;
  for (size_t scope = 1; scope < tree_->size(); ++scope) {
    for (absl::string_view segment : wanted) {
      if (HasBelow(ScopeId(scope), segment)) places.push_back(scope);
    }
  }
  std::vector<std::string> paths;
  for (const size_t place : WrapperPrefix::MostFrequent(places)) {
    starts_.push_back(ScopeId(place));
    paths.emplace_back(PathOf(ScopeId(place)));
  }
  return paths;
}

size_t ScopeWalk::CountComplete(const Alignment& alignment,
                                absl::Span<const absl::string_view> scopes) const {
  Walker walker(*this, alignment);
  size_t complete = 0;
  for (absl::string_view scope : scopes) complete += !walker.Run(scope).readings.empty();
  return complete;
}

ScopeId ScopeWalk::Find(ScopeId parent, absl::string_view segment,
                        const Alignment& alignment) const {
  const auto find = [&](absl::string_view name) {
    const ScopeId child = tree_->Child(parent, name);
    return child.valid() ? child : tree_->Anywhere(name);
  };
  const ScopeId found = find(segment);
  if (found.valid()) return found;
  if (!nicknames_.empty()) {
    const auto nickname = nicknames_.find({parent, segment});
    if (nickname != nicknames_.end() && nickname->second.valid()) return nickname->second;
  }
  const ScopeId by_own_name = FindByOwnName(parent, segment);
  if (by_own_name.valid() || alignment.wrapper.empty()) return by_own_name;
  // A path of numbers alone is a whole segment, which a wrapper lengthens: "0" to "model.0".
  if (alignment.dropped.empty()) return find(absl::StrCat(alignment.wrapper, ".", segment));
  if (!absl::ConsumePrefix(&segment, alignment.wrapper)) return ScopeId();
  return absl::ConsumePrefix(&segment, ".") ? find(segment) : ScopeId();
}

// TorchScript modules write the child of a Sequential as "1", not as "stack.1".
ScopeId ScopeWalk::FindByOwnName(ScopeId parent, absl::string_view segment) const {
  if (!IsNumber(segment)) return ScopeId();
  const absl::string_view path = PathOf(parent);
  const ModuleId module =
      hierarchy_.FindModule(absl::StrCat(path, path.empty() ? "" : ".", segment));
  if (!module.valid()) return ScopeId();
  return tree_->Child(parent, SegmentOfPath(hierarchy_.module(module).path));
}

// Only the last segment of a scope can bear the number of a repeated call, and that number may as
// well be a part of the module's name.
ScopeWalk::Readings ScopeWalk::ReadLast(ScopeId parent, absl::string_view segment,
                                        const Alignment& alignment) const {
  Readings readings;
  const auto read = [&](absl::string_view base, uint32_t number) {
    const ScopeId scope = Find(parent, base, alignment);
    if (scope.valid()) readings.push_back({scope, number});
  };
  read(segment, 0);
  const absl::optional<NumberedSegment> cut = CutNumber(segment);
  if (cut.has_value()) read(cut->base, cut->number);
  if (readings.size() < 2) return readings;
  if (!IsPossible(readings[1])) {
    readings.pop_back();
  } else if (EntriesWithNodes(readings[0].scope).empty() &&
             !EntriesWithNodes(readings[1].scope).empty()) {
    readings.erase(readings.begin());
  }
  return readings;
}

// Whether the model's calls allow for the number, where they are known.
bool ScopeWalk::IsPossible(const Reading& reading) const {
  return reading.number < num_calls_[reading.scope.index()];
}

void ScopeWalk::AppendEntries(Walk* walk) {
  walk->first_entry = static_cast<uint32_t>(entries_.size());
  for (const Reading& reading : walk->readings) AppendCalls(reading, walk);
  if (walk->readings.empty() && walk->depth > 0) AppendModules(walk->deepest, walk);
  num_too_many_ += walk->too_many;
  walk->num_entries = static_cast<uint32_t>(entries_.size()) - walk->first_entry;
}

// The exporter numbers those scopes of a name that have nodes of their own. If all have, the
// number tells the call; else the call may be a later one.
void ScopeWalk::AppendCalls(const Reading& reading, Walk* walk) {
  const absl::Span<const ScopeTree::Entry> all = tree_->entries(reading.scope);
  if (!all[0].call.valid()) {
    AppendModules(reading.scope, walk);
    return;
  }
  absl::Span<const ScopeTree::Entry> entries = EntriesWithNodes(reading.scope);
  if (entries.size() < times_seen_[reading.scope.index()]) entries = all;
  const size_t seen = std::min<size_t>(times_seen_[reading.scope.index()], entries.size());
  const size_t in_doubt = entries.size() - seen + 1;
  if (reading.number >= seen || in_doubt > kMaxCallsInDoubt) {
    AppendModules(reading.scope, walk);
    return;
  }
  const auto first = entries.begin() + reading.number;
  entries_.insert(entries_.end(), first, first + in_doubt);
}

// Those whose calls ran operators of their own, as far as is known: others, such as those of a
// Sequential, leave no node with their scope.
absl::Span<const ScopeTree::Entry> ScopeWalk::EntriesWithNodes(ScopeId scope) const {
  if (has_ops_.empty()) return tree_->entries(scope);
  const uint32_t begin = scope.index() == 0 ? 0 : end_with_nodes_[scope.index() - 1];
  return absl::MakeSpan(with_nodes_).subspan(begin, end_with_nodes_[scope.index()] - begin);
}

// Once for all names: one scope may have as many entries as the file has names of it. Counts no
// more calls than a name can number, since the sum of what a sidecar says may not fit a number.
void ScopeWalk::FindEntriesWithNodes(const std::atomic<bool>* cancelled) {
  constexpr int64_t kMost = int64_t{1} << 32;
  for (size_t i = 0; i < tree_->size(); ++i) {
    if (EndsEarly(cancelled, i)) return;
    int64_t calls = 0;
    for (const ScopeTree::Entry& entry : tree_->entries(ScopeId(i))) {
      if (!has_ops_.empty() && entry.call.valid() && !has_ops_[entry.call.index()]) continue;
      if (!has_ops_.empty()) with_nodes_.push_back(entry);
      const int64_t more =
          entry.call.valid() ? 1 : hierarchy_.module(entry.module).calls.value_or(0);
      calls = std::min(kMost, calls + std::min(kMost, more));
    }
    end_with_nodes_.push_back(static_cast<uint32_t>(with_nodes_.size()));
    num_calls_.push_back(calls);
  }
}

void ScopeWalk::AppendModules(ScopeId scope, Walk* walk) {
  const absl::Span<const ScopeTree::Entry> all = tree_->entries(scope);
  if (all.size() == 1) {
    entries_.push_back({all[0].module, CallId()});
    return;
  }
  const auto known = modules_of_.try_emplace(scope);
  std::vector<ModuleId>& modules = known.first->second;
  if (known.second) modules = ModulesOf(all);
  if (modules.size() > kMaxModules) {
    walk->too_many = true;
    entries_.push_back({modules.back(), CallId()});
    return;
  }
  for (const ModuleId module : modules) entries_.push_back({module, CallId()});
}

// Each once; if there are too many, their common ancestor is the last.
std::vector<ModuleId> ScopeWalk::ModulesOf(absl::Span<const ScopeTree::Entry> entries) const {
  std::vector<ModuleId> modules;
  absl::flat_hash_set<ModuleId> seen;
  ModuleId around = entries[0].module;
  for (const ScopeTree::Entry& entry : entries) {
    if (!seen.insert(entry.module).second) continue;
    modules.push_back(entry.module);
    around = hierarchy_.CommonAncestor(around, entry.module);
  }
  if (modules.size() > kMaxModules) modules.push_back(around);
  return modules;
}

}  // namespace modelexport
