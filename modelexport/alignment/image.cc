#include "modelexport/alignment/image.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

using wire::GraphRecord;

constexpr uint32_t kNoImage = 0xFFFFFFFF;

}  // namespace

Image::Image(const GraphView& graph)
    : graph_(graph), roles_(graph.num_nodes(), NodeRole::kOutside) {
  Sequence(graph.index().graphs()[0]);
  for (NodeId node : sequence_) {
    roles_[node.index()] =
        IsQuantization(graph.op_type(node)) ? NodeRole::kInserted : NodeRole::kImage;
  }
  FindStored();
  FindForms();
  NumberImages();
  LinkProducers();
}

void Image::Sequence(const GraphRecord& graph) {
  for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
    for (const GraphRecord& body : graph_.index().bodies(NodeId(n))) Sequence(body);
    sequence_.push_back(NodeId(n));
  }
}

void Image::FindStored() {
  std::vector<bool> stored(graph_.values().size());
  for (size_t v = 0; v < stored.size(); ++v) {
    stored[v] = graph_.values()[v].tensor != Value::kNoTensor;
  }
  for (NodeId node : sequence_) {
    const absl::string_view op_type = graph_.op_type(node);
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    const bool carries = ChangesFormAlone(op_type) && !inputs.empty() && inputs[0].valid() &&
                         stored[inputs[0].index()];
    if (op_type != "Constant" && !carries) continue;
    roles_[node.index()] = NodeRole::kStored;
    for (ValueId output : graph_.outputs(node)) {
      if (output.valid()) stored[output.index()] = true;
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
  for (size_t i = sequence_.size(); i-- > 0;) {
    NodeRole& role = roles_[sequence_[i].index()];
    if (role == NodeRole::kImage && ServesFormsOnly(sequence_[i])) role = NodeRole::kForm;
  }
}

bool Image::IsFormOnly(NodeId node, const std::vector<bool>& from_forms) const {
  const absl::string_view op_type = graph_.op_type(node);
  if (op_type == "Shape" || op_type == "Size") return true;
  if (roles_[node.index()] != NodeRole::kImage || !ComputesForms(op_type)) return false;
  bool any = false;
  for (ValueId input : graph_.inputs(node)) {
    if (!input.valid()) continue;
    const Value& value = graph_.value(input);
    if (value.tensor != Value::kNoTensor) continue;
    if (!value.producer.valid()) return false;
    if (roles_[value.producer.index()] == NodeRole::kStored) continue;
    if (!from_forms[value.producer.index()]) return false;
    any = true;
  }
  return any;
}

// As the product of two scales that QuantizeLinear and the like found or were given.
bool Image::ReadsScalesOnly(NodeId node) const {
  if (roles_[node.index()] != NodeRole::kImage) return false;
  bool any = false;
  for (ValueId input : graph_.inputs(node)) {
    if (!input.valid()) continue;
    const Value& value = graph_.value(input);
    if (value.tensor != Value::kNoTensor) continue;
    if (!value.producer.valid()) return false;
    if (roles_[value.producer.index()] == NodeRole::kStored) continue;
    if (roles_[value.producer.index()] != NodeRole::kInserted) return false;
    if (graph_.outputs(value.producer)[0] == input) return false;
    any = true;
  }
  return any;
}

bool Image::ServesFormsOnly(NodeId node) const {
  bool any = false;
  for (ValueId output : graph_.outputs(node)) {
    if (!output.valid()) continue;
    if (graph_.value(output).is_graph_output) return false;
    for (NodeId consumer : graph_.consumers(output)) {
      any = true;
      if (roles_[consumer.index()] == NodeRole::kForm) continue;
      const absl::Span<const ValueId> inputs = graph_.inputs(consumer);
      for (size_t i = 0; i < inputs.size(); ++i) {
        if (inputs[i] == output && !IsFormOperand(graph_.op_type(consumer), i)) return false;
      }
    }
  }
  return any;
}

void Image::NumberImages() {
  absl::flat_hash_map<StringId, uint32_t> numbers;
  for (NodeId node : sequence_) {
    if (roles_[node.index()] != NodeRole::kImage) continue;
    nodes_.push_back(node);
    const StringId op_type = graph_.index().node(node).op_type;
    const auto added = numbers.emplace(op_type, static_cast<uint32_t>(types_.size()));
    if (added.second) types_.push_back(graph_.index().text(op_type));
    type_.push_back(added.first->second);
  }
}

void Image::LinkProducers() {
  std::vector<uint32_t> image_of(graph_.num_nodes(), kNoImage);
  for (uint32_t i = 0; i < nodes_.size(); ++i) image_of[nodes_[i].index()] = i;
  std::vector<std::vector<uint32_t>> handed_on(graph_.num_nodes());  // By inserted nodes.
  std::vector<uint32_t> found;
  const auto add = [&found](uint32_t image) {
    if (std::find(found.begin(), found.end(), image) == found.end()) found.push_back(image);
  };
  std::vector<std::pair<uint32_t, uint32_t>> consumers;
  for (NodeId node : sequence_) {
    const NodeRole role = roles_[node.index()];
    if (role != NodeRole::kImage && role != NodeRole::kInserted) continue;
    found.clear();
    for (ValueId input : graph_.inputs(node)) {
      const NodeId producer = input.valid() ? graph_.value(input).producer : NodeId();
      if (!producer.valid()) continue;
      if (image_of[producer.index()] != kNoImage) add(image_of[producer.index()]);
      for (uint32_t image : handed_on[producer.index()]) add(image);
    }
    if (role == NodeRole::kInserted) {
      handed_on[node.index()] = found;
      continue;
    }
    for (uint32_t producer : found) {
      producers_.Append(producer);
      consumers.emplace_back(producer, image_of[node.index()]);
    }
    producers_.EndRow();
  }
  std::stable_sort(consumers.begin(), consumers.end());
  size_t next = 0;
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    for (; next < consumers.size() && consumers[next].first == i; ++next) {
      consumers_.Append(consumers[next].second);
    }
    consumers_.EndRow();
  }
}

}  // namespace modelexport
