// The scopes that an export of the source model would write, and what each one stands for.
//
// Where the hierarchy has calls, the tree is that of the calls: each scope is what the exporter
// makes of a stack of open calls, so repeated calls, shared modules, called containers and lost
// ModuleDict names come out as the exporter writes them. Without calls it is the tree of modules
// less the containers that are never called.
#ifndef MODELEXPORT_MATCHING_SCOPE_TREE_H_
#define MODELEXPORT_MATCHING_SCOPE_TREE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/strong_id.h"
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

  // `hierarchy` must outlive the tree.
  explicit ScopeTree(const Hierarchy& hierarchy);

  static ScopeId root() { return ScopeId(0); }

  // The scope named by `segment` below `parent`; invalid if there is none.
  ScopeId Child(ScopeId parent, absl::string_view segment) const;

  // Where no scope of that name lies below the current one: the scope of the only module in the
  // whole hierarchy with that segment (a shared module called from elsewhere). Invalid where calls
  // are known, since they tell, and where several modules have it.
  ScopeId Anywhere(absl::string_view segment) const;

  // The only scope below `scope`; invalid if there are more or none.
  ScopeId OnlyChild(ScopeId scope) const;

  // In the order of calls, else of modules. Never empty.
  absl::Span<const Entry> entries(ScopeId scope) const;

  size_t size() const { return scopes_.size(); }

 private:
  struct Scope {
    std::vector<Entry> entries;
    ScopeId only_child;
    uint32_t num_children = 0;
  };

  void AddCalls(const Hierarchy& hierarchy);
  void AddModules(const Hierarchy& hierarchy);
  ScopeId Enter(ScopeId parent, absl::string_view segment);

  std::vector<Scope> scopes_;
  absl::flat_hash_map<std::pair<ScopeId, absl::string_view>, ScopeId> children_;
  absl::flat_hash_map<absl::string_view, ScopeId> anywhere_;  // Invalid where ambiguous.
};

}  // namespace modelexport

#endif  // MODELEXPORT_MATCHING_SCOPE_TREE_H_
