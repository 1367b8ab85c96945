#include "modelexport/matching/scope_walk.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/matching/scope_name.h"

namespace modelexport {
namespace {

// Enough to tell which alignment fits.
constexpr size_t kMaxSample = 4096;

// A scope that stands for more calls than this in doubt is left to other evidence for the call.
constexpr size_t kMaxCallsInDoubt = 16;

absl::string_view FirstSegment(absl::string_view scope) { return scope.substr(0, scope.find('/')); }

absl::string_view WithoutFirstSegment(absl::string_view scope) {
  const size_t slash = scope.find('/');
  return slash == absl::string_view::npos ? "" : scope.substr(slash + 1);
}

}  // namespace

ScopeWalk::ScopeWalk(const Hierarchy& hierarchy) : hierarchy_(hierarchy), tree_(hierarchy) {
  if (!hierarchy.ops().empty()) has_ops_.resize(hierarchy.calls().size());
  for (const Op& op : hierarchy.ops()) has_ops_[op.call.index()] = true;
}

uint32_t ScopeWalk::AddScope(absl::string_view scope) {
  const auto added = number_of_.emplace(scope, scopes_.size());
  if (added.second) scopes_.push_back(scope);
  return added.first->second;
}

std::string ScopeWalk::Resolve() {
  const Alignment alignment = ChooseAlignment();
  walks_.reserve(scopes_.size());
  times_seen_.assign(tree_.size(), 0);
  for (absl::string_view scope : scopes_) {
    walks_.push_back(WalkScope(scope, alignment));
    for (const Reading& reading : walks_.back().readings) {
      uint32_t& seen = times_seen_[reading.scope.index()];
      seen = std::max(seen, reading.number + 1);
    }
  }
  for (Walk& walk : walks_) AppendEntries(&walk);
  if (alignment.drop_first) {
    return absl::StrCat("the file's scopes lie below \"", alignment.wrapper,
                        "\", a wrapper that the hierarchy does not have");
  }
  if (alignment.start != ScopeTree::root()) {
    const ModuleId module = tree_.entries(alignment.start)[0].module;
    return absl::StrCat("the file's scopes begin at \"", hierarchy_.module(module).path,
                        "\", below a wrapper that the file does not have");
  }
  return "";
}

ScopeWalk::Alignment ScopeWalk::ChooseAlignment() const {
  Alignment best;
  size_t most = CountComplete(best);
  const auto consider = [&](const Alignment& other) {
    const size_t count = CountComplete(other);
    if (count > most) {
      most = count;
      best = other;
    }
  };
  const absl::string_view shared = SharedFirstSegment();
  if (!shared.empty()) consider({ScopeTree::root(), true, shared});
  const ScopeId inner = tree_.OnlyChild(ScopeTree::root());
  if (inner.valid()) {
    const ModuleId module = tree_.entries(inner)[0].module;
    consider({inner, false, SegmentOfPath(hierarchy_.module(module).path)});
  }
  return best;
}

size_t ScopeWalk::CountComplete(const Alignment& alignment) const {
  const size_t step = scopes_.size() / kMaxSample + 1;
  size_t count = 0;
  for (size_t i = 0; i < scopes_.size(); i += step) {
    // A scope of which nothing is left to find speaks for no alignment.
    if (scopes_[i].empty() || (alignment.drop_first && scopes_[i] == alignment.wrapper)) continue;
    count += !WalkScope(scopes_[i], alignment).readings.empty();
  }
  return count;
}

absl::string_view ScopeWalk::SharedFirstSegment() const {
  absl::string_view first;
  for (absl::string_view scope : scopes_) {
    if (scope.empty()) continue;
    if (first.empty()) first = FirstSegment(scope);
    if (FirstSegment(scope) != first) return "";
  }
  return first;
}

ScopeWalk::Walk ScopeWalk::WalkScope(absl::string_view scope, const Alignment& alignment) const {
  Walk walk;
  walk.deepest = alignment.start;
  if (alignment.drop_first) scope = WithoutFirstSegment(scope);
  if (scope.empty()) {
    walk.readings.push_back({alignment.start, 0});
    return walk;
  }
  while (true) {
    const size_t slash = scope.find('/');
    if (slash == absl::string_view::npos) break;
    const ScopeId next = Find(walk.deepest, scope.substr(0, slash), alignment);
    if (!next.valid()) return walk;
    walk.deepest = next;
    ++walk.depth;
    scope.remove_prefix(slash + 1);
  }
  walk.readings = ReadLast(walk.deepest, scope, alignment);
  walk.depth += !walk.readings.empty();
  return walk;
}

ScopeId ScopeWalk::Find(ScopeId parent, absl::string_view segment,
                        const Alignment& alignment) const {
  const auto find = [&](absl::string_view name) {
    const ScopeId child = tree_.Child(parent, name);
    return child.valid() ? child : tree_.Anywhere(name);
  };
  const ScopeId found = find(segment);
  if (found.valid() || alignment.wrapper.empty()) return found;
  // A path of numbers alone is a whole segment, which a wrapper lengthens: "0" to "model.0".
  if (!alignment.drop_first) return find(absl::StrCat(alignment.wrapper, ".", segment));
  if (!absl::ConsumePrefix(&segment, alignment.wrapper)) return ScopeId();
  return absl::ConsumePrefix(&segment, ".") ? find(segment) : ScopeId();
}

// Only the last segment of a scope can bear the number of a repeated call, and that number may as
// well be a part of the module's name.
std::vector<ScopeWalk::Reading> ScopeWalk::ReadLast(ScopeId parent, absl::string_view segment,
                                                    const Alignment& alignment) const {
  std::vector<Reading> readings;
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
  int64_t calls = 0;
  for (const ScopeTree::Entry& entry : EntriesWithNodes(reading.scope)) {
    if (entry.call.valid()) {
      ++calls;
    } else {
      calls += hierarchy_.module(entry.module).calls.value_or(0);
    }
  }
  return reading.number < calls;
}

void ScopeWalk::AppendEntries(Walk* walk) {
  walk->first_entry = static_cast<uint32_t>(entries_.size());
  for (const Reading& reading : walk->readings) AppendCalls(reading);
  if (walk->readings.empty() && walk->depth > 0) AppendModules(walk->deepest);
  walk->num_entries = static_cast<uint32_t>(entries_.size()) - walk->first_entry;
}

// The exporter numbers those scopes of a name that have nodes of their own. If all have, the
// number tells the call; else the call may be a later one.
void ScopeWalk::AppendCalls(const Reading& reading) {
  const absl::Span<const ScopeTree::Entry> all = tree_.entries(reading.scope);
  std::vector<ScopeTree::Entry> entries = EntriesWithNodes(reading.scope);
  if (entries.size() < times_seen_[reading.scope.index()]) entries.assign(all.begin(), all.end());
  const size_t seen = std::min<size_t>(times_seen_[reading.scope.index()], entries.size());
  const size_t in_doubt = entries.size() - seen + 1;
  if (!all[0].call.valid() || reading.number >= seen || in_doubt > kMaxCallsInDoubt) {
    AppendModules(reading.scope);
    return;
  }
  const auto first = entries.begin() + reading.number;
  entries_.insert(entries_.end(), first, first + in_doubt);
}

// Those whose calls ran operators of their own, as far as is known: others, such as those of a
// Sequential, leave no node with their scope.
std::vector<ScopeTree::Entry> ScopeWalk::EntriesWithNodes(ScopeId scope) const {
  std::vector<ScopeTree::Entry> entries;
  for (const ScopeTree::Entry& entry : tree_.entries(scope)) {
    if (has_ops_.empty() || !entry.call.valid() || has_ops_[entry.call.index()]) {
      entries.push_back(entry);
    }
  }
  return entries;
}

void ScopeWalk::AppendModules(ScopeId scope) {
  absl::flat_hash_set<ModuleId> seen;
  for (const ScopeTree::Entry& entry : tree_.entries(scope)) {
    if (seen.insert(entry.module).second) entries_.push_back({entry.module, CallId()});
  }
}

}  // namespace modelexport
