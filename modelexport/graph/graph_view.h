// A model as nodes that read and make values.
//
// Values are resolved by ONNX's scoping rules (onnx/docs/IR.md, "Names Within a Graph"): a body of
// If, Loop or Scan sees the values of the graphs around its node; a function sees its inputs alone.
#ifndef MODELEXPORT_GRAPH_GRAPH_VIEW_H_
#define MODELEXPORT_GRAPH_GRAPH_VIEW_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/strong_id.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

using ValueId = StrongId<struct ValueIdTag>;

// A named value: the result of a node, an initializer, an input, or a name that is read but never
// defined.
struct Value {
  StringId name;
  GraphId graph;    // The graph that defines it, or that reads it if it is never defined.
  NodeId producer;  // Invalid unless a node makes it.
  uint32_t tensor = kNoTensor;  // The initializer's position in index().tensors().
  bool is_graph_input = false;
  bool is_graph_output = false;

  static constexpr uint32_t kNoTensor = 0xFFFFFFFF;
};

// Immutable; `index` must outlive it. If a graph defines a name twice, the first definition counts;
// duplicate_definitions() is the number of others. The same holds for functions with one domain,
// name and overload, and duplicate_functions().
class GraphView {
 public:
  // Ends soon after `*cancelled` becomes true, as a view that may only be destroyed; null: never.
  explicit GraphView(const ModelIndex& index, const std::atomic<bool>* cancelled = nullptr);

  const ModelIndex& index() const { return *index_; }
  size_t num_nodes() const { return index_->nodes().size(); }

  absl::string_view name(NodeId id) const { return index_->text(index_->node(id).name); }
  absl::string_view op_type(NodeId id) const { return index_->text(index_->node(id).op_type); }
  absl::string_view name(ValueId id) const { return index_->text(value(id).name); }

  const std::vector<Value>& values() const { return values_; }
  const Value& value(ValueId id) const { return values_[id.index()]; }

  // In the order of the node's lists; a value is invalid if it is optional and left out.
  absl::Span<const ValueId> inputs(NodeId id) const {
    const NodeRecord& node = index_->node(id);
    return absl::MakeSpan(operands_).subspan(node.first_operand, node.num_inputs);
  }
  absl::Span<const ValueId> outputs(NodeId id) const {
    const NodeRecord& node = index_->node(id);
    return absl::MakeSpan(operands_).subspan(node.first_operand + node.num_inputs,
                                             node.num_outputs);
  }

  // The nodes that read a value, in order of nodes, once for each time that they read it; nodes in
  // bodies too. Empty for an output that is left out.
  absl::Span<const NodeId> consumers(ValueId id) const;

  // The nodes that call a function, in order of nodes.
  absl::Span<const NodeId> callers(GraphId function) const;

  // The function that a node calls; invalid if the node is an operator.
  GraphId callee(NodeId id) const;

  // The place of a node: "#3" in the main graph, "/7:then_branch#0" in the body in attribute
  // then_branch of node 7, "/7:branches:2#0" in the third body of its attribute branches,
  // "function:domain:name:overload#2" in a function.
  std::string Place(NodeId id) const;

  // A node's position in its graph, from 0.
  size_t position(NodeId id) const;

  // The place of a graph: that of its nodes without "#<node>"; "" for the main graph.
  std::string Place(GraphId id) const;

  size_t duplicate_definitions() const { return duplicate_definitions_; }
  size_t duplicate_functions() const { return duplicate_functions_; }

  // The nodes that read a value that they or later nodes make, against ONNX's rule that nodes are
  // sorted. They are in the order of the walk: first a graph, then the bodies in it.
  const std::vector<NodeId>& unsorted_nodes() const { return unsorted_nodes_; }

 private:
  friend class GraphViewBuilder;

  const ModelIndex* index_;
  std::vector<Value> values_;
  std::vector<ValueId> operands_;  // The inputs, then the outputs of each node, as in the index.
  std::vector<uint32_t> first_consumer_;
  std::vector<NodeId> consumers_;
  absl::flat_hash_map<std::tuple<StringId, StringId, StringId>, GraphId> functions_;
  std::vector<std::vector<NodeId>> callers_;  // By graph; of functions.
  size_t duplicate_definitions_ = 0;
  size_t duplicate_functions_ = 0;
  std::vector<NodeId> unsorted_nodes_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_GRAPH_VIEW_H_
