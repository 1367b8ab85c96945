// The modules whose work a node does besides its owner's, where one node was made of several.
#ifndef MODELEXPORT_RESOLUTION_ALSO_MODULES_H_
#define MODELEXPORT_RESOLUTION_ALSO_MODULES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Why a module is among them.
enum class AlsoReason : uint8_t {
  kTags,      // The model is tagged so.
  kName,      // A name of the node, or of what it makes, is of the module.
  kOperator,  // An operator of the module has no node of its own, and is on the way to the node's.
  kEqual,     // An operator of the module has no node of its own, and is equal to the node's.
  kTensor,    // The node reads a tensor that the module, or an operator of it, read.
  kFolded,    // The module was called after or within the owner, and no node reads its tensors.
};

// As a clause: "an operator of it has no other node".
absl::string_view TextOf(AlsoReason reason);

struct AlsoModule {
  ModuleId module;
  AlsoReason reason;
};

// Of all nodes of a model.
class AlsoModules {
 public:
  // In rising order of nodes, each once. Of a module that is given several times the first reason
  // counts. Nothing is kept for a node without modules.
  void Add(NodeId node, std::vector<AlsoModule> modules);

  // In the hierarchy's order; empty for almost all nodes. Takes the logarithm of num_nodes().
  absl::Span<const AlsoModule> of(NodeId node) const;

  // The nodes that have any.
  size_t num_nodes() const { return nodes_.size(); }
  bool empty() const { return nodes_.empty(); }

 private:
  std::vector<NodeId> nodes_;
  std::vector<std::vector<AlsoModule>> modules_;  // Likewise.
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_ALSO_MODULES_H_
