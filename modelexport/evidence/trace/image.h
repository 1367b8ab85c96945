// The nodes of the ONNX graph that may be images of operators of the run: the other side of an
// alignment.
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

// The role of a node in an alignment.
enum class NodeRole : uint8_t {
  kImage,     // The node may be an image of an operator.
  kStored,    // It is a constant, or holds a stored tensor in another form.
  kForm,      // It computes only with shapes or scales of quantization; operators do not.
  kInserted,  // It is inserted quantization, and hands on what it reads.
  kOutside,   // It is in a function.
};

// Immutable. Nodes with the role kImage are numbered in the order of the graph; those in the bodies
// of a node come before the node.
class Image {
 public:
  // `graph` must outlive the object. Soon after `*cancelled` becomes true it ends, as an object
  // that may only be destroyed; null: never.
  explicit Image(const GraphView& graph, const std::atomic<bool>* cancelled = nullptr);

  const GraphView& graph() const { return graph_; }
  size_t size() const { return nodes_.size(); }
  NodeId node(size_t image) const { return nodes_[image]; }
  NodeRole role(NodeId node) const { return roles_[node.index()]; }

  // The type is the node's operator, as "Add". If there are more than a thousand operators, the
  // last ones share a type.
  uint32_t type(size_t image) const { return type_[image]; }
  const std::vector<absl::string_view>& types() const { return types_; }

  // The images whose results this image reads, directly or handed on, in the order of its inputs,
  // each once; and the images that read its results, in order. Reading the shape of a result does
  // not count.
  absl::Span<const uint32_t> producers(size_t image) const { return producers_[image]; }
  absl::Span<const uint32_t> consumers(size_t image) const { return consumers_[image]; }

  // The initializer, or the result of a Constant, that `value` is or has in another form; invalid
  // if there is none.
  ValueId origin(ValueId value) const { return origin_[value.index()]; }

  // All nodes of the main graph and of bodies in it, in the order in which images are numbered.
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
