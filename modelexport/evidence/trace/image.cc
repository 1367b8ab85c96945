#include "modelexport/evidence/trace/image.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/cancellation.h"

namespace modelexport {
namespace {

constexpr uint32_t kNoImage = 0xFFFFFFFF;

// Images that a chain of inserted nodes hands on; enough for any that a tool inserts.
constexpr size_t kMaxHandedOn = 64;

// Models have some dozens. More would make tables of all pairs of types too large.
constexpr uint32_t kMaxTypes = 1024;

std::vector<ValueId> ValuesOf(const GivenWeights& given) {
  std::vector<ValueId> values;
  for (const auto& [value, shape] : given) values.push_back(value);
  return values;
}

}  // namespace

Image::Image(const GraphView& graph, const std::atomic<bool>* cancelled, GivenWeights given)
    : graph_(graph), given_(std::move(given)), roles_(graph, cancelled, ValuesOf(given_)) {
  if (IsCancelled(cancelled)) return;
  NumberImages();
  LinkProducers();
}

void Image::NumberImages() {
  absl::flat_hash_map<StringId, uint32_t> numbers;
  for (NodeId node : sequence()) {
    if (role(node) != NodeRole::kImage) continue;
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
  for (NodeId node : sequence()) {
    const NodeRole role = roles_.role(node);
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
