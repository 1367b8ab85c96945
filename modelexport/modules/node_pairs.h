// Nodes of two files that have the same name.
#ifndef MODELEXPORT_MODULES_NODE_PAIRS_H_
#define MODELEXPORT_MODULES_NODE_PAIRS_H_

#include <atomic>
#include <vector>

#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Each node has at most one counterpart.
struct NodePairs {
  std::vector<NodeId> b_of_a;  // By node of A; invalid where it has none.
  std::vector<NodeId> a_of_b;
};

// Whether both nodes are of one operator. "ai.onnx" and "" are the same domain.
bool HaveSameOperator(const GraphView& a, NodeId of_a, const GraphView& b, NodeId of_b);

// Pairs nodes that make a value of one name and, where no value tells, those that have one name.
// Those of one operator are paired first. Names that occur twice in a file say nothing.
//
// A pair is no proof: exporters number names, and another node may have the number in B. What
// depends on that it is the same node must ask its neighbours too.
//
// Takes time in proportion to the nodes and their outputs. Ends early once `*cancelled` is true.
NodePairs PairByNames(const GraphView& a, const GraphView& b,
                      const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_NODE_PAIRS_H_
