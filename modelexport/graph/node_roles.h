// Which nodes of a model compute what the source model's operators computed, and which ones serve
// these or were inserted.
#ifndef MODELEXPORT_GRAPH_NODE_ROLES_H_
#define MODELEXPORT_GRAPH_NODE_ROLES_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

enum class NodeRole : uint8_t {
  kImage,     // Of an operator, perhaps.
  kStored,    // A constant, or a stored or given tensor in another form.
  kForm,      // Computes with shapes, or scales of quantization, alone: operators do not.
  kInserted,  // Quantization. Hands on what it reads.
  kOutside,   // In a function.
};

// Immutable.
class NodeRoles {
 public:
  // `graph` must outlive the object. Soon after `*cancelled` becomes true it ends, and the object
  // may only be destroyed; null: never. `given` are inputs of the model that are weights, and as
  // good as stored.
  explicit NodeRoles(const GraphView& graph, const std::atomic<bool>* cancelled = nullptr,
                     absl::Span<const ValueId> given = {});

  NodeRole role(NodeId node) const { return roles_[node.index()]; }

  // All nodes in main graph and bodies, in the order of the graph, the bodies of a node before it.
  const std::vector<NodeId>& sequence() const { return sequence_; }

  // The initializer, given weight, or result of a Constant, that a value is another form of, or is
  // itself; invalid if it is none.
  ValueId origin(ValueId value) const { return origin_[value.index()]; }

 private:
  void Sequence(const GraphRecord& main);
  void FindStored(absl::Span<const ValueId> given);
  void FindForms();
  template <typename Accepts>
  bool ReadsOnly(NodeId node, Accepts accepts) const;
  bool IsFormOnly(NodeId node, const std::vector<bool>& from_forms) const;
  bool ReadsScalesOnly(NodeId node) const;
  void FindServants();
  bool IsReadInside(NodeId node) const;

  const GraphView& graph_;
  std::vector<NodeId> sequence_;
  std::vector<NodeRole> roles_;  // By node.
  std::vector<ValueId> origin_;  // By value.
};

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_NODE_ROLES_H_
