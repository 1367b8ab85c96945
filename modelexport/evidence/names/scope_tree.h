// The scopes that an export of the source model would write, and what each one stands for.
//
// Where the hierarchy has calls, the tree is that of the calls: each scope is what the exporter
// makes of a stack of open calls, so repeated calls, shared modules, called containers and lost
// ModuleDict names come out as the exporter writes them. Without calls it is the tree of modules
// less the containers that are never called.
#ifndef MODELEXPORT_EVIDENCE_NAMES_SCOPE_TREE_H_
#define MODELEXPORT_EVIDENCE_NAMES_SCOPE_TREE_H_

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/name_map.h"
#include "modelexport/base/strong_id.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

using ScopeId = StrongId<struct ScopeIdTag>;

class ScopeTree {
 public:
  // What one scope name stands for: a call, or where calls are unknown a module. The exporter
  // numbers the entries of a scope in their order.
  struct Entry {
    ModuleId module;
    CallId call;
  };

  // `hierarchy` must outlive the tree. Soon after `*cancelled` becomes true it ends with only some
  // of the scopes; null: never.
  explicit ScopeTree(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled = nullptr);

  static ScopeId root() { return ScopeId(0); }

  // The scope named by `segment` below `parent`; invalid if there is none.
  ScopeId Child(ScopeId parent, absl::string_view segment) const;

  // Where no scope of that name lies below the current one: the scope of the only module in the
  // whole hierarchy with that segment (a shared module called from elsewhere). Invalid where calls
  // are known, since they tell, and where several modules have it.
  ScopeId Anywhere(absl::string_view segment) const;

  // In the order of calls, else of modules. Never empty.
  absl::Span<const Entry> entries(ScopeId scope) const;

  size_t size() const { return scopes_.size(); }

  // The segments of all scopes, each once.
  absl::Span<const absl::string_view> segments() const { return segments_.names(); }
  bool HasSegment(absl::string_view segment) const { return segments_.Find(segment).valid(); }

 private:
  using SegmentId = StrongId<struct SegmentIdTag>;

  // A scope lists its first children itself, since most have few: scopes that are looked up one
  // after the other lie close together, which the entries of a large hash table do not.
  struct Scope {
    SegmentId segment;
    ScopeId first_child;
    ScopeId next_sibling;
    uint32_t num_children = 0;
    uint32_t end_entry = 0;  // In entries_; those of scope i begin where those of i - 1 end.
  };
  static constexpr uint32_t kMaxListed = 8;

  void AddCalls(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled);
  void AddModules(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled);
  SegmentId Intern(absl::string_view segment);
  ScopeId Find(ScopeId parent, SegmentId segment) const;
  ScopeId Enter(ScopeId parent, SegmentId segment);
  void AddEntry(ScopeId scope, Entry entry);
  void SortEntries();

  std::vector<Scope> scopes_;
  NameMap<SegmentId> segments_;
  // The children that are not listed, and the segments that lead back to their parent.
  absl::flat_hash_map<std::pair<ScopeId, SegmentId>, ScopeId> others_;
  std::vector<ScopeId> anywhere_;  // By segment; the root where ambiguous.
  std::vector<Entry> entries_;     // By scope, once they are sorted.
  std::vector<ScopeId> scope_of_;  // By entry, until they are sorted.
};

// That of context.hierarchy, shared by all who ask.
const ScopeTree& ScopesOf(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_SCOPE_TREE_H_
