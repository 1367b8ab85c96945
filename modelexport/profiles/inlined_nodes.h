// The nodes of functions under the names that ONNX Runtime gives them, which puts functions in
// place when it loads a model.
#ifndef MODELEXPORT_PROFILES_INLINED_NODES_H_
#define MODELEXPORT_PROFILES_INLINED_NODES_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// A node of a function, in one call of it.
struct InlinedNode {
  NodeId node;      // Invalid: none is known.
  ModuleId module;  // The node's in that call; invalid if unknown.
};

// Their names are those of graph/inlined_names.h. Calls are put in place in their order in the main
// graph, then in the same way those that were in them.
//
// Which call a token is of is known in two cases: if it is so for all names with tokens that are
// asked for, as counted here; and for functions that only the main graph calls, if there are as
// many tokens as calls. Of functions that bodies call, or that would be put in place more than
// 100,000 times in all, nothing is known. Immutable.
class InlinedNodes {
 public:
  // `names`: all that will be asked for; others may be among them. `owned` must outlive the object.
  InlinedNodes(const OwnedGraph& owned, const std::vector<absl::string_view>& names);

  InlinedNode Find(absl::string_view name) const;

 private:
  // The name of a function, and the token of a call of it plus 1; 0 without a token.
  using CallName = std::pair<absl::string_view, uint64_t>;
  struct Call {
    CallName name;
    GraphId function;
    ModuleId module;  // Invalid if unknown.
    bool nested;      // Whether another function calls it.
  };
  struct Split {
    CallName call;  // Of no function if the name is no such name.
    NodeId node;
  };

  void PutInPlace();
  void AddCall(NodeId node, ModuleId around, bool nested);
  void NameNodes();
  ModuleId ModuleOf(NodeId node, ModuleId around) const;
  Split SplitName(absl::string_view name) const;
  absl::flat_hash_set<absl::string_view> CalledInBodies() const;
  void KeepKnown(const std::vector<absl::string_view>& names);

  const OwnedGraph& owned_;
  std::vector<Call> calls_;                                  // As ONNX Runtime puts them in place.
  uint64_t last_token_ = 0;                                  // Plus 1, as in CallName.
  absl::flat_hash_map<absl::string_view, int> times_named_;  // By name of a function.
  // By name of a function and of a node in it; invalid if there are several.
  absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, NodeId> nodes_;
  absl::flat_hash_map<CallName, const Call*> known_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_INLINED_NODES_H_
