// The nodes of the ONNX graph that may be images of operators of the source run, as the other side
// of an alignment.
#ifndef MODELEXPORT_EVIDENCE_TRACE_IMAGE_H_
#define MODELEXPORT_EVIDENCE_TRACE_IMAGE_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/rows.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// What a node is to an alignment.
enum class NodeRole : uint8_t {
  kImage,     // Of an operator, perhaps.
  kStored,    // A constant, or a stored tensor in another form.
  kForm,      // Computes with shapes, or scales of quantization, alone: operators do not.
  kInserted,  // Quantization. Hands on what it reads.
  kOutside,   // In a function.
};

// Immutable. Nodes with the role kImage are numbered in the order of the graph, the bodies of a
// node before it.
class Image {
 public:
  // `graph` must outlive the object. Soon after `*cancelled` becomes true it ends, as an object
  // that may only be destroyed; null: never.
  explicit Image(const GraphView& graph, const std::atomic<bool>* cancelled = nullptr);

  const GraphView& graph() const { return graph_; }
  size_t size() const { return nodes_.size(); }
  NodeId node(size_t image) const { return nodes_[image]; }
  NodeRole role(NodeId node) const { return roles_[node.index()]; }

  // Nodes of one operator, as "Add", are of one type; of more than a thousand operators, the last
  // ones share a type.
  uint32_t type(size_t image) const { return type_[image]; }
  const std::vector<absl::string_view>& types() const { return types_; }

  // The images whose results a node reads, directly or handed on, in the order of its inputs, each
  // once; and those that read its results, in order. Shapes of results do not count.
  absl::Span<const uint32_t> producers(size_t image) const { return producers_[image]; }
  absl::Span<const uint32_t> consumers(size_t image) const { return consumers_[image]; }

  // The initializer, or result of a Constant, that a value is another form of, or is itself;
  // invalid if it is none.
  ValueId origin(ValueId value) const { return origin_[value.index()]; }

  // All nodes in main graph and bodies, in the order that numbers images.
  const std::vector<NodeId>& sequence() const { return sequence_; }

 private:
  void Sequence(const GraphRecord& main);
  void FindStored();
  void FindForms();
  template <typename Accepts>
  bool ReadsOnly(NodeId node, Accepts accepts) const;
  bool IsFormOnly(NodeId node, const std::vector<bool>& from_forms) const;
  bool ReadsScalesOnly(NodeId node) const;
  void FindServants();
  bool IsReadInside(NodeId node) const;
  void NumberImages();
  void LinkProducers();

  const GraphView& graph_;
  std::vector<NodeId> sequence_;
  std::vector<NodeRole> roles_;  // By node.
  std::vector<ValueId> origin_;  // By value.
  std::vector<NodeId> nodes_;
  std::vector<uint32_t> type_;
  std::vector<absl::string_view> types_;
  Rows<uint32_t> producers_, consumers_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_IMAGE_H_
