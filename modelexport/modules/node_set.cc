#include "modelexport/modules/node_set.h"

#include <algorithm>

namespace modelexport {

NodeSet::NodeSet(const GraphView& graph, absl::Span<const NodeId> nodes) {
  for (NodeId node : nodes) Add(node);
  // Grows while it is walked, so that bodies within bodies are met too.
  for (size_t i = 0; i < nodes_.size(); ++i) {
    for (const GraphRecord& body : graph.index().bodies(nodes_[i])) {
      for (size_t n = 0; n < body.num_nodes; ++n) Add(NodeId(body.first_node + n));
    }
  }
  std::sort(nodes_.begin(), nodes_.end());
}

void NodeSet::Add(NodeId node) {
  if (set_.insert(node).second) nodes_.push_back(node);
}

}  // namespace modelexport
