#include "modelexport/graph/called_graphs.h"

namespace modelexport {

std::vector<bool> CalledGraphs(const GraphView& graph) {
  const ModelIndex& index = graph.index();
  std::vector<bool> called(index.graphs().size());
  std::vector<GraphId> waiting;
  const auto call = [&](GraphId id) {
    if (!id.valid() || called[id.index()]) return;
    called[id.index()] = true;
    waiting.push_back(id);
  };
  call(GraphId(0));
  while (!waiting.empty()) {
    const GraphRecord& record = index.graph(waiting.back());
    waiting.pop_back();
    for (uint32_t i = 0; i < record.num_nodes; ++i) {
      const NodeId node(record.first_node + i);
      call(graph.callee(node));
      for (const GraphRecord& body : index.bodies(node)) call(index.id_of(body));
    }
  }
  return called;
}

}  // namespace modelexport
