// What one run of a model costs, added up by module and by call.
#ifndef MODELEXPORT_COSTS_MODULE_COSTS_H_
#define MODELEXPORT_COSTS_MODULE_COSTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/costs/node_costs.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// The sum of one cost of several nodes.
struct CostSum {
  uint64_t at_least = 0;  // What is known of it. At most Count::kMax: what is over it is unknown.
  size_t unknown_nodes = 0;  // Nodes of which nothing is known: they add nothing.
  bool repeats = false;      // Some nodes run as often as the input says, and are counted once.

  bool is_exact() const { return unknown_nodes == 0 && !repeats; }

  void Add(Count count, bool count_repeats);
  void Add(const CostSum& other);
};

struct CostSums {
  CostSum macs;
  CostSum activations;  // Bytes.

  void Add(const NodeCost& node);
  void Add(const CostSums& other);
};

struct CostsOfRow {
  CostSums own;    // Of the modules themselves.
  CostSums total;  // And of all below them.
};

struct CostsOfModel {
  std::vector<CostsOfRow> rows;  // By row.
  CostSums unattributed;         // Of nodes that nothing attributes to a module.
  CostSums all;
};

// `nodes` is by node. The sum of all `own` and `unattributed` is `all`. Takes time in proportion to
// nodes and rows.
CostsOfModel SumCosts(const OwnedGraph& owned, const ModuleRows& rows,
                      absl::Span<const NodeCost> nodes);

// By call of the hierarchy: with the calls within it. Nodes whose call is not known are in none.
std::vector<CostSums> SumCostsByCall(const OwnedGraph& owned, absl::Span<const NodeCost> nodes);

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_MODULE_COSTS_H_
