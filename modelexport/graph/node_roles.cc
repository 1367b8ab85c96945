#include "modelexport/graph/node_roles.h"

#include "absl/types/span.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {

NodeRoles::NodeRoles(const GraphView& graph, const std::atomic<bool>* cancelled,
                     absl::Span<const ValueId> given)
    : graph_(graph), roles_(graph.num_nodes(), NodeRole::kOutside) {
  Sequence(graph.index().graphs()[0]);
  for (NodeId node : sequence_) {
    const bool is_inserted = IsQuantization(graph.op_type(node)) || IsReorder(graph.op_type(node));
    roles_[node.index()] = is_inserted ? NodeRole::kInserted : NodeRole::kImage;
  }
  FindStored(given);
  if (IsCancelled(cancelled)) return;
  FindForms();
}

// Walks with a stack of its own; ModelIndex reads no bodies nested over kMaxGraphDepth deep.
void NodeRoles::Sequence(const GraphRecord& main) {
  struct Open {
    size_t next, end;  // Nodes of a graph.
    size_t next_body;  // Of the node `next`.
  };
  std::vector<Open> open{{main.first_node, main.first_node + main.num_nodes, 0}};
  while (!open.empty()) {
    Open& graph = open.back();
    if (graph.next == graph.end) {
      open.pop_back();
      continue;
    }
    const absl::Span<const GraphRecord> bodies = graph_.index().bodies(NodeId(graph.next));
    if (graph.next_body < bodies.size()) {
      const GraphRecord& body = bodies[graph.next_body++];
      open.push_back({body.first_node, body.first_node + body.num_nodes, 0});
      continue;
    }
    sequence_.push_back(NodeId(graph.next++));
    graph.next_body = 0;
  }
}

void NodeRoles::FindStored(absl::Span<const ValueId> given) {
  origin_.resize(graph_.values().size());
  for (size_t v = 0; v < origin_.size(); ++v) {
    if (graph_.values()[v].tensor != Value::kNoTensor) origin_[v] = ValueId(v);
  }
  for (const ValueId value : given) origin_[value.index()] = value;
  for (NodeId node : sequence_) {
    const absl::string_view op_type = graph_.op_type(node);
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    const bool carries = ChangesFormAlone(op_type) && !inputs.empty() && inputs[0].valid() &&
                         origin_[inputs[0].index()].valid();
    if (op_type != "Constant" && !carries) continue;
    roles_[node.index()] = NodeRole::kStored;
    for (ValueId output : graph_.outputs(node)) {
      if (output.valid()) origin_[output.index()] = carries ? origin_[inputs[0].index()] : output;
    }
  }
}

// A node computes forms if it starts from forms alone, or ends in operands that only give a form.
void NodeRoles::FindForms() {
  std::vector<bool> from_forms(graph_.num_nodes());
  for (NodeId node : sequence_) {
    from_forms[node.index()] = IsFormOnly(node, from_forms) || ReadsScalesOnly(node);
    if (from_forms[node.index()]) roles_[node.index()] = NodeRole::kForm;
  }
  FindServants();
}

// From the back: a node's consumers are decided before it. Where a graph is not sorted, they count
// as what they are so far.
void NodeRoles::FindServants() {
  std::vector<bool> seen(graph_.num_nodes()), serves_others(graph_.num_nodes());
  const auto serve = [&](NodeId node, bool only_later) {
    if (role(node) == NodeRole::kForm) return;
    const absl::string_view op_type = graph_.op_type(node);
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const NodeId producer = inputs[i].valid() ? graph_.value(inputs[i]).producer : NodeId();
      if (!producer.valid() || (only_later && seen[producer.index()])) continue;
      if (!IsFormOperand(op_type, i)) serves_others[producer.index()] = true;
    }
  };
  for (NodeId node : sequence_) {
    serve(node, true);
    seen[node.index()] = true;
  }
  for (size_t i = sequence_.size(); i-- > 0;) {
    const NodeId node = sequence_[i];
    const bool serves_forms = !serves_others[node.index()] && IsReadInside(node);
    if (role(node) == NodeRole::kImage && serves_forms) roles_[node.index()] = NodeRole::kForm;
    serve(node, false);
  }
}

// Whether it reads results of nodes, besides what is stored, and `accepts` each of them.
template <typename Accepts>
bool NodeRoles::ReadsOnly(NodeId node, Accepts accepts) const {
  bool any = false;
  for (ValueId input : graph_.inputs(node)) {
    if (!input.valid()) continue;
    const Value& value = graph_.value(input);
    if (value.tensor != Value::kNoTensor || origin_[input.index()] == input) continue;
    if (!value.producer.valid()) return false;
    if (role(value.producer) == NodeRole::kStored) continue;
    if (!accepts(input, value.producer)) return false;
    any = true;
  }
  return any;
}

bool NodeRoles::IsFormOnly(NodeId node, const std::vector<bool>& from_forms) const {
  const absl::string_view op_type = graph_.op_type(node);
  if (op_type == "Shape" || op_type == "Size") return true;
  if (role(node) != NodeRole::kImage || !ComputesForms(op_type)) return false;
  return ReadsOnly(node, [&](ValueId, NodeId producer) { return from_forms[producer.index()]; });
}

// As the product of two scales that QuantizeLinear and the like found or were given.
bool NodeRoles::ReadsScalesOnly(NodeId node) const {
  if (role(node) != NodeRole::kImage) return false;
  return ReadsOnly(node, [&](ValueId input, NodeId producer) {
    return role(producer) == NodeRole::kInserted && graph_.outputs(producer)[0] != input;
  });
}

// Whether nodes read its results, and nobody else does.
bool NodeRoles::IsReadInside(NodeId node) const {
  bool any = false;
  for (ValueId output : graph_.outputs(node)) {
    if (!output.valid()) continue;
    if (graph_.value(output).is_graph_output) return false;
    any = any || !graph_.consumers(output).empty();
  }
  return any;
}

}  // namespace modelexport
