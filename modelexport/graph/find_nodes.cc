#include "modelexport/graph/find_nodes.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"

namespace modelexport {
namespace {

NodeId NodeAt(const GraphView& graph, absl::string_view place) {
  const size_t hash = place.rfind('#');
  uint64_t position = 0;
  if (hash == place.npos || !absl::SimpleAtoi(place.substr(hash + 1), &position)) return NodeId();
  const ModelIndex& index = graph.index();
  for (const GraphRecord& record : index.graphs()) {
    if (position >= record.num_nodes) continue;
    if (graph.Place(index.id_of(record)) != place.substr(0, hash)) continue;
    return NodeId(record.first_node + position);
  }
  return NodeId();
}

std::vector<NodeId> ProducersOf(const GraphView& graph, absl::string_view name) {
  std::vector<NodeId> nodes;
  for (const Value& value : graph.values()) {
    if (value.producer.valid() && graph.index().text(value.name) == name) {
      nodes.push_back(value.producer);
    }
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

}  // namespace

std::vector<NodeId> FindNodes(const GraphView& graph, absl::string_view text) {
  const NodeId at = NodeAt(graph, text);
  if (at.valid()) return {at};
  std::vector<NodeId> nodes;
  if (text.empty()) return nodes;
  nodes = ProducersOf(graph, text);
  if (!nodes.empty()) return nodes;
  for (size_t i = 0; i < graph.num_nodes(); ++i) {
    if (graph.name(NodeId(i)) == text) nodes.push_back(NodeId(i));
  }
  return nodes;
}

}  // namespace modelexport
