#include "modelexport/graph/called_graphs.h"

#include <algorithm>
#include <utility>

namespace modelexport {

std::vector<int> CountCallChains(const GraphView& graph) {
  constexpr int kSeveral = 2;
  const ModelIndex& index = graph.index();
  std::vector<int> chains(index.graphs().size());
  std::vector<std::pair<GraphId, int>> found;  // Graphs, with chains not yet followed further.
  const auto add = [&](GraphId id, int count) {
    count = std::min(count, kSeveral - chains[id.index()]);
    if (count == 0) return;
    chains[id.index()] += count;
    found.emplace_back(id, count);
  };
  add(kMainGraph, 1);
  while (!found.empty()) {
    const std::pair<GraphId, int> at = found.back();
    found.pop_back();
    const GraphRecord& record = index.graph(at.first);
    for (size_t n = record.first_node; n < record.first_node + record.num_nodes; ++n) {
      for (const GraphRecord& body : index.bodies(NodeId(n))) add(index.id_of(body), at.second);
      const GraphId callee = graph.callee(NodeId(n));
      if (callee.valid()) add(callee, at.second);
    }
  }
  return chains;
}

}  // namespace modelexport
