// The nodes of functions under the names that ONNX Runtime gives them, which puts functions in
// place when it loads a model.
#ifndef MODELEXPORT_PROFILES_INLINED_NODES_H_
#define MODELEXPORT_PROFILES_INLINED_NODES_H_

#include <cstdint>
#include <string>
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
  struct Call {
    GraphId function;
    ModuleId module;   // Invalid if unknown.
    bool nested;       // Whether another function calls it.
    std::string name;  // As "F_token_3".
  };
  struct Split {
    std::string call;  // As Call::name.
    absl::string_view function, node;
  };

  void PutInPlace();
  void AddCall(NodeId node, ModuleId around, bool nested);
  void NameNodes();
  ModuleId ModuleOf(NodeId node, ModuleId around) const;
  Split SplitName(absl::string_view name) const;
  absl::string_view FunctionOf(GraphId function) const;
  absl::flat_hash_set<absl::string_view> CalledInBodies() const;
  void KeepKnown(const std::vector<absl::string_view>& names);

  const OwnedGraph& owned_;
  std::vector<Call> calls_;  // As ONNX Runtime puts them in place.
  uint64_t next_token_ = 0;
  absl::flat_hash_map<absl::string_view, int> times_named_;  // By name of a function.
  // By name of a function and of a node in it; invalid if there are several.
  absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, NodeId> nodes_;
  absl::flat_hash_map<std::string, const Call*> known_;  // By name of the call.
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_INLINED_NODES_H_
