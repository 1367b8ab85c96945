// From the scope in a name to the calls or modules that the name can mean.
#ifndef MODELEXPORT_EVIDENCE_NAMES_SCOPE_WALK_H_
#define MODELEXPORT_EVIDENCE_NAMES_SCOPE_WALK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/name_map.h"
#include "modelexport/base/strong_id.h"
#include "modelexport/evidence/names/scope_tree.h"
#include "modelexport/evidence/wrapper_prefix.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Resolves all scopes of one file. A module may have another name there than in the hierarchy:
// where a segment below a known one is unknown, but all known ones that follow it are below one and
// the same child of the scope before it, and of no other child, it stands for that child.
//
// Use: AddScope() for each name, then Resolve() if there is any, then entries() for what each
// means.
class ScopeWalk {
 public:
  // `hierarchy` must outlive the walk.
  explicit ScopeWalk(const Hierarchy& hierarchy);

  // Notes a scope of the file, as "layer.0/q", and returns its number; equal scopes have the same.
  // `scope` must outlive the walk.
  uint32_t AddScope(absl::string_view scope);

  bool empty() const { return scopes_.names().empty(); }

  // To be called once, when all scopes are added, at least one. `tree`, that of the hierarchy, is
  // not used after the call. Returns what wrapper was aligned, for people, or "". Ends soon after
  // `*cancelled` becomes true (null: never); nothing below may then be asked.
  std::string Resolve(const ScopeTree& tree, const std::atomic<bool>* cancelled = nullptr);

  // Whether every segment was found.
  bool complete(uint32_t scope) const {
    return !walks_[scope].readings.empty() && !walks_[scope].too_many;
  }

  // Whether the file was exported of a TorchScript module, which writes the child of a Sequential
  // as "stack/1". It loses segments of scopes, so that a node may be of a module below its scope's.
  bool is_scripted() const { return is_scripted_; }

  // How many scopes can mean more modules than are worth to list. Each means the common ancestor of
  // these, and is not complete.
  size_t num_too_many() const { return num_too_many_; }

  // Whether at least one segment was found.
  bool found(uint32_t scope) const { return walks_[scope].depth > 0; }

  absl::string_view scope(uint32_t scope) const { return scopes_.names()[scope]; }

  // Of a complete scope: what it can mean. Of another: what the longest prefix that was found can
  // mean; empty if that is the start.
  absl::Span<const ScopeTree::Entry> entries(uint32_t scope) const {
    return absl::MakeSpan(entries_).subspan(walks_[scope].first_entry, walks_[scope].num_entries);
  }

 private:
  using ScopeNumber = StrongId<struct ScopeNumberTag>;

  // A scope of the tree, as the number-th scope of that name, from 0.
  struct Reading {
    ScopeId scope;
    uint32_t number;
  };
  using Readings = absl::InlinedVector<Reading, 2>;  // There are never more.
  struct Walk {
    Readings readings;  // Empty if the scope was not found to its end.
    ScopeId deepest;
    uint32_t depth = 0;  // Segments found.
    uint32_t first_entry = 0;
    uint32_t num_entries = 0;
    bool too_many = false;  // Modules that it can mean.
  };
  // Where in the tree the names of the file begin.
  struct Alignment {
    ScopeId start = ScopeTree::root();
    absl::string_view dropped;  // The segments that the file has in addition.
    absl::string_view wrapper;  // The innermost that one side has in addition; "" if none does.
  };
  class Walker;

  ScopeId Find(ScopeId parent, absl::string_view segment, const Alignment& alignment) const;
  ScopeId FindByOwnName(ScopeId parent, absl::string_view segment) const;
  Readings ReadLast(ScopeId parent, absl::string_view segment, const Alignment& alignment) const;
  bool IsPossible(const Reading& reading) const;
  void FindEntriesWithNodes(const std::atomic<bool>* cancelled);
  absl::Span<const ScopeTree::Entry> EntriesWithNodes(ScopeId scope) const;
  WrapperPrefix ChooseWrapper();
  std::vector<std::string> FindStarts(absl::Span<const absl::string_view> first);
  bool HasBelow(ScopeId scope, absl::string_view segment) const;
  absl::string_view PathOf(ScopeId scope) const;  // Of the first module that it stands for.
  // The alignment has a view of `wrapper`.
  Alignment AlignmentBy(const WrapperPrefix& wrapper) const;
  size_t CountComplete(const Alignment& alignment,
                       absl::Span<const absl::string_view> scopes) const;
  void WalkAll(const Alignment& alignment, const std::atomic<bool>* cancelled);
  bool LearnNicknames(const Alignment& alignment);
  ScopeId OnlyChildWith(ScopeId parent, absl::string_view segment) const;
  void AppendEntries(Walk* walk);
  void AppendCalls(const Reading& reading, Walk* walk);
  void AppendModules(ScopeId scope, Walk* walk);
  std::vector<ModuleId> ModulesOf(absl::Span<const ScopeTree::Entry> entries) const;

  const Hierarchy& hierarchy_;
  const ScopeTree* tree_ = nullptr;           // While scopes are resolved.
  std::vector<ScopeId> starts_;               // Where the file's names may begin.
  std::vector<bool> has_ops_;                 // By call; empty if the hierarchy has no operators.
  std::vector<ScopeTree::Entry> with_nodes_;  // By scope; unused if the hierarchy has no operators.
  std::vector<uint32_t> end_with_nodes_;      // By scope, in with_nodes_.
  std::vector<int64_t> num_calls_;            // By scope: of entries with nodes.
  NameMap<ScopeNumber> scopes_;
  ScopeNumber last_added_;
  std::vector<Walk> walks_;
  // Below a scope: what stands for a segment that the hierarchy lacks; invalid if that is unclear.
  absl::flat_hash_map<std::pair<ScopeId, absl::string_view>, ScopeId> nicknames_;
  absl::flat_hash_map<ScopeId, std::vector<ModuleId>> modules_of_;  // Of several; as asked for.
  size_t num_too_many_ = 0;
  bool is_scripted_ = false;
  std::vector<ScopeTree::Entry> entries_;
  std::vector<uint32_t> times_seen_;  // By ScopeId: how many scopes of that name the file has.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_SCOPE_WALK_H_
