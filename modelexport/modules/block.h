// A set of nodes in a form that does not depend on names and places, so that sets compare.
#ifndef MODELEXPORT_MODULES_BLOCK_H_
#define MODELEXPORT_MODULES_BLOCK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/modules/node_reads.h"
#include "modelexport/modules/small_constants.h"

namespace modelexport {

// One of the values that a node of a block reads or makes.
struct BlockOperand {
  uint32_t node;      // Position in Block::nodes.
  uint32_t position;  // Among what the node reads (NodeReads), or among its outputs.

  friend bool operator==(const BlockOperand& a, const BlockOperand& b) {
    return a.node == b.node && a.position == b.position;
  }
  template <typename H>
  friend H AbslHashValue(H h, const BlockOperand& operand) {
    return H::combine(std::move(h), operand.node, operand.position);
  }
};

// Blocks with equal forms do the same with what they are given: nodes at equal positions are of one
// operator with equal attributes (node_operators.h) and read the same of each other, and the same
// value from outside is the same in both wherever it is read. Not so small constants: each use of
// one counts as a value of its own, and is equal if it gives the form of a result
// (IsFormOperand()).
struct Block {
  std::vector<NodeId> nodes;          // Each after those that it reads.
  std::vector<BlockOperand> outputs;  // Of nodes: what is read outside, or an output of the graph.
  std::vector<BlockOperand> reads;    // Inputs that are made outside, or are small constants.

  std::vector<uint32_t> form;
  std::vector<uint32_t> form_of_node;  // Where in `form` that of each node begins.

  ValueId input(const NodeReads& reads, const BlockOperand& read) const {
    return reads.of(nodes[read.node])[read.position];
  }
  ValueId output(const GraphView& graph, const BlockOperand& made) const {
    return graph.outputs(nodes[made.node])[made.position];
  }
};

// Of nodes of the main graph, in order. `operators` is NumberOperators(). Takes time in proportion
// to the nodes, also those in their bodies, and what they read.
Block MakeBlock(const GraphView& graph, const NodeReads& reads,
                const std::vector<uint32_t>& operators, const SmallConstants& constants,
                absl::Span<const NodeId> nodes);

// Where two blocks differ first, as "#3 (Add) is not as #9 (Mul)"; "" if their forms are equal.
std::string FirstDifference(const GraphView& graph, const Block& a, const Block& b);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_BLOCK_H_
