// The order of nodes where some sets of them are to be one.
#ifndef MODELEXPORT_MODULES_ITEM_ORDER_H_
#define MODELEXPORT_MODULES_ITEM_ORDER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// A node, or a set of nodes that counts as one.
struct GraphItem {
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  NodeId node;           // Invalid for a set.
  uint32_t set = kNone;  // kNone for a node.
};

struct ItemOrder {
  // Each after those that it reads; of those that could come next the one whose first node is first
  // among the nodes given.
  std::vector<GraphItem> items;

  // Sets that cannot be one, as they are in a cycle then, or between two; there are no items.
  std::vector<uint32_t> in_cycle;
};

// `set_of[i]` is the set of `nodes[i]`, or GraphItem::kNone. `nodes` must be without cycles; those
// of bodies belong to the node that has the body. Takes time in proportion to the nodes and what
// they read, times a logarithm.
ItemOrder OrderItems(const GraphView& graph, absl::Span<const NodeId> nodes,
                     absl::Span<const uint32_t> set_of);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_ITEM_ORDER_H_
