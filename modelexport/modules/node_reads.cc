#include "modelexport/modules/node_reads.h"

#include "modelexport/modules/node_set.h"

namespace modelexport {

std::vector<NodeInput> CapturedInputs(const GraphView& graph, NodeId node) {
  const NodeSet all(graph, {node});
  std::vector<NodeInput> captured;
  for (NodeId inner : all.nodes()) {
    const absl::Span<const ValueId> inputs = graph.inputs(inner);
    for (uint32_t i = 0; inner != node && i < inputs.size(); ++i) {
      if (!inputs[i].valid()) continue;
      const NodeId holder = graph.index().graph(graph.value(inputs[i]).graph).parent;
      if (!holder.valid() || !all.contains(holder)) captured.emplace_back(inner, i);
    }
  }
  return captured;
}

NodeReads::NodeReads(const GraphView& graph) : graph_(graph) {
  const GraphRecord& main = graph.index().graphs()[0];
  for (size_t n = main.first_node; n < main.first_node + main.num_nodes; ++n) {
    const NodeId node(n);
    if (graph.index().bodies(node).empty()) continue;
    const absl::Span<const ValueId> inputs = graph.inputs(node);
    std::vector<ValueId>& reads = with_bodies_[node];
    reads.assign(inputs.begin(), inputs.end());
    for (const NodeInput& read : CapturedInputs(graph, node)) {
      reads.push_back(graph.inputs(read.first)[read.second]);
    }
  }
}

}  // namespace modelexport
