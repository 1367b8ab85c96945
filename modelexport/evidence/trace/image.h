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
#include "modelexport/evidence/tensors/given_weights.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/node_roles.h"

namespace modelexport {

// Immutable. Nodes with the role kImage are numbered in the order of the graph; those in the bodies
// of a node come before the node.
class Image {
 public:
  // `graph` must outlive the object. Soon after `*cancelled` becomes true it ends, as an object
  // that may only be destroyed; null: never. `given` are inputs of the model that are weights.
  explicit Image(const GraphView& graph, const std::atomic<bool>* cancelled = nullptr,
                 GivenWeights given = {});

  const GraphView& graph() const { return graph_; }
  size_t size() const { return nodes_.size(); }
  NodeId node(size_t image) const { return nodes_[image]; }
  NodeRole role(NodeId node) const { return roles_.role(node); }

  // The type is the node's operator, as "Add". If there are more than a thousand operators, the
  // last ones share a type.
  uint32_t type(size_t image) const { return type_[image]; }
  const std::vector<absl::string_view>& types() const { return types_; }

  // The images whose results this image reads, directly or handed on, in the order of its inputs,
  // each once; and the images that read its results, in order. Reading the shape of a result does
  // not count.
  absl::Span<const uint32_t> producers(size_t image) const { return producers_[image]; }
  absl::Span<const uint32_t> consumers(size_t image) const { return consumers_[image]; }

  // The initializer, given weight, or result of a Constant, that `value` is or has in another form;
  // invalid if there is none.
  ValueId origin(ValueId value) const { return roles_.origin(value); }

  const GivenWeights& given() const { return given_; }

  // All nodes of the main graph and of bodies in it, in the order in which images are numbered.
  const std::vector<NodeId>& sequence() const { return roles_.sequence(); }

 private:
  void NumberImages();
  void LinkProducers();

  const GraphView& graph_;
  const GivenWeights given_;
  const NodeRoles roles_;
  std::vector<NodeId> nodes_;
  std::vector<uint32_t> type_;
  std::vector<absl::string_view> types_;
  Rows<uint32_t> producers_, consumers_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_IMAGE_H_
