#include "modelexport/evidence/trace/image.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

constexpr uint32_t kNoImage = 0xFFFFFFFF;

// Images that a chain of inserted nodes hands on; enough for any that a tool inserts.
constexpr size_t kMaxHandedOn = 64;

// Models have some dozens. More would make tables of all pairs of types too large.
constexpr uint32_t kMaxTypes = 1024;

}  // namespace

Image::Image(const GraphView& graph, const std::atomic<bool>* cancelled)
    : graph_(graph), roles_(graph.num_nodes(), NodeRole::kOutside) {
  Sequence(graph.index().graphs()[0]);
  for (NodeId node : sequence_) {
    roles_[node.index()] =
        IsQuantization(graph.op_type(node)) ? NodeRole::kInserted : NodeRole::kImage;
  }
  FindStored();
  if (IsCancelled(cancelled)) return;
  FindForms();
  if (IsCancelled(cancelled)) return;
  NumberImages();
  LinkProducers();
}

// Walks with a stack of its own; ModelIndex reads no bodies nested over kMaxGraphDepth deep.
void Image::Sequence(const GraphRecord& main) {
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

void Image::FindStored() {
  origin_.resize(graph_.values().size());
  for (size_t v = 0; v < origin_.size(); ++v) {
    if (graph_.values()[v].tensor != Value::kNoTensor) origin_[v] = ValueId(v);
  }
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
void Image::FindForms() {
  std::vector<bool> from_forms(graph_.num_nodes());
  for (NodeId node : sequence_) {
    from_forms[node.index()] = IsFormOnly(node, from_forms) || ReadsScalesOnly(node);
    if (from_forms[node.index()]) roles_[node.index()] = NodeRole::kForm;
  }
  FindServants();
}

// From the back: a node's consumers are decided before it. Where a graph is not sorted, they count
// as what they are so far.
void Image::FindServants() {
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
bool Image::ReadsOnly(NodeId node, Accepts accepts) const {
  bool any = false;
  for (ValueId input : graph_.inputs(node)) {
    if (!input.valid()) continue;
    const Value& value = graph_.value(input);
    if (value.tensor != Value::kNoTensor) continue;
    if (!value.producer.valid()) return false;
    if (role(value.producer) == NodeRole::kStored) continue;
    if (!accepts(input, value.producer)) return false;
    any = true;
  }
  return any;
}

bool Image::IsFormOnly(NodeId node, const std::vector<bool>& from_forms) const {
  const absl::string_view op_type = graph_.op_type(node);
  if (op_type == "Shape" || op_type == "Size") return true;
  if (role(node) != NodeRole::kImage || !ComputesForms(op_type)) return false;
  return ReadsOnly(node, [&](ValueId, NodeId producer) { return from_forms[producer.index()]; });
}

// As the product of two scales that QuantizeLinear and the like found or were given.
bool Image::ReadsScalesOnly(NodeId node) const {
  if (role(node) != NodeRole::kImage) return false;
  return ReadsOnly(node, [&](ValueId input, NodeId producer) {
    return role(producer) == NodeRole::kInserted && graph_.outputs(producer)[0] != input;
  });
}

// Whether nodes read its results, and nobody else does.
bool Image::IsReadInside(NodeId node) const {
  bool any = false;
  for (ValueId output : graph_.outputs(node)) {
    if (!output.valid()) continue;
    if (graph_.value(output).is_graph_output) return false;
    any = any || !graph_.consumers(output).empty();
  }
  return any;
}

void Image::NumberImages() {
  absl::flat_hash_map<StringId, uint32_t> numbers;
  for (NodeId node : sequence_) {
    if (roles_[node.index()] != NodeRole::kImage) continue;
    nodes_.push_back(node);
    const StringId op_type = graph_.index().node(node).op_type;
    const uint32_t next = std::min(static_cast<uint32_t>(types_.size()), kMaxTypes - 1);
    const auto added = numbers.emplace(op_type, next);
    if (added.second && next == types_.size()) types_.push_back(graph_.index().text(op_type));
    type_.push_back(added.first->second);
  }
}

void Image::LinkProducers() {
  std::vector<uint32_t> image_of(graph_.num_nodes(), kNoImage);
  for (uint32_t i = 0; i < nodes_.size(); ++i) image_of[nodes_[i].index()] = i;
  std::vector<std::vector<uint32_t>> handed_on(graph_.num_nodes());  // By inserted nodes.
  std::vector<uint32_t> found;
  std::vector<NodeId> last_reader(nodes_.size());
  const auto add = [&](uint32_t image, NodeId reader) {
    if (last_reader[image] == reader) return;
    last_reader[image] = reader;
    found.push_back(image);
  };
  std::vector<std::pair<uint32_t, uint32_t>> consumers;
  for (NodeId node : sequence_) {
    const NodeRole role = roles_[node.index()];
    if (role != NodeRole::kImage && role != NodeRole::kInserted) continue;
    found.clear();
    for (ValueId input : graph_.inputs(node)) {
      const NodeId producer = input.valid() ? graph_.value(input).producer : NodeId();
      if (!producer.valid()) continue;
      if (image_of[producer.index()] != kNoImage) add(image_of[producer.index()], node);
      for (uint32_t image : handed_on[producer.index()]) add(image, node);
    }
    if (role == NodeRole::kInserted) {
      handed_on[node.index()].assign(found.begin(),
                                     found.begin() + std::min(found.size(), kMaxHandedOn));
      continue;
    }
    for (uint32_t producer : found) {
      producers_.Append(producer);
      consumers.emplace_back(producer, image_of[node.index()]);
    }
    producers_.EndRow();
  }
  std::sort(consumers.begin(), consumers.end());
  size_t next = 0;
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    for (; next < consumers.size() && consumers[next].first == i; ++next) {
      consumers_.Append(consumers[next].second);
    }
    consumers_.EndRow();
  }
}

}  // namespace modelexport
