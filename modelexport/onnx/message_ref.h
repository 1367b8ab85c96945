// The messages of a model whose bytes can be edited.
#ifndef MODELEXPORT_ONNX_MESSAGE_REF_H_
#define MODELEXPORT_ONNX_MESSAGE_REF_H_

#include <cstdint>

#include "modelexport/onnx/model_index.h"

namespace modelexport {

// Names one message of a ModelIndex: the ModelProto, a GraphProto or FunctionProto, a NodeProto, or
// an AttributeProto that holds at least one graph. A value of eight bytes; it means nothing without
// the index.
class MessageRef {
 public:
  enum class Kind : uint8_t { kModel, kGraph, kAttribute, kNode };

  // The model.
  constexpr MessageRef() = default;
  static constexpr MessageRef Model() { return {}; }

  // A graph, a body or a function.
  static constexpr MessageRef Of(GraphId graph) { return {Kind::kGraph, graph.index()}; }
  static constexpr MessageRef Of(NodeId node) { return {Kind::kNode, node.index()}; }

  // The attribute that holds `body`, whose graph is of Kind::kBody. Any body of an attribute names
  // that attribute.
  static constexpr MessageRef AttributeOf(GraphId body) { return {Kind::kAttribute, body.index()}; }

  constexpr Kind kind() const { return kind_; }
  constexpr bool is_model() const { return kind_ == Kind::kModel; }

  // The graph, or the body that names an attribute; invalid for other kinds.
  constexpr GraphId graph() const {
    return kind_ == Kind::kGraph || kind_ == Kind::kAttribute ? GraphId(index_) : GraphId();
  }
  // Invalid unless it is a node.
  constexpr NodeId node() const { return kind_ == Kind::kNode ? NodeId(index_) : NodeId(); }

  // Equal references name one message; one attribute has as many references as bodies.
  friend constexpr bool operator==(MessageRef a, MessageRef b) {
    return a.kind_ == b.kind_ && a.index_ == b.index_;
  }
  friend constexpr bool operator!=(MessageRef a, MessageRef b) { return !(a == b); }

 private:
  constexpr MessageRef(Kind kind, size_t index)
      : kind_(kind), index_(static_cast<uint32_t>(index)) {}

  Kind kind_ = Kind::kModel;
  uint32_t index_ = 0;
};

// Where the fields of a message are in the source of `index`: without its own key and length.
Range ContentOf(const ModelIndex& index, MessageRef message);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_MESSAGE_REF_H_
