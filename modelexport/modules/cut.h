// What has to be kept of a model so that a set of its nodes runs alone.
#ifndef MODELEXPORT_MODULES_CUT_H_
#define MODELEXPORT_MODULES_CUT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Values are listed once: first those that are inputs or outputs of `home` too, in its order, then
// the others in the order in which the kept nodes first read or make them.
struct Cut {
  // The graph that the set is in: the main graph, or a body whose node is not in the set.
  GraphId home;

  // Those of the set that an output needs, and the constant nodes (constant_nodes.h) that these
  // need, of `home` and of the graphs around it. In order. Nodes in bodies come with their node.
  std::vector<NodeId> nodes;

  std::vector<ValueId> inputs;        // Made outside by what is no constant node; or given there.
  std::vector<ValueId> initializers;  // Read by the nodes kept or in their bodies. Of `home` or of
                                      // graphs around it, not of the bodies kept.
  std::vector<ValueId> outputs;       // Made by nodes of the set, and read outside or an output of
                                      // `home`.

  // Where a path leaves the set and comes back (convexity.h): such a path. Then some inputs depend
  // on outputs.
  std::vector<NodeId> way_back;
};

// Constant nodes of the set only count if others of it need them, as exporters share them between
// modules. Nodes in a function count as part of the nodes that call it.
//
// Errors, kFailedPrecondition with Fault::kJudged and without the name of the set: it has no nodes;
// all are constant; they are in several graphs, or in a function that none of them calls; nobody
// reads what they make; a value has no maker, or more than one.
absl::StatusOr<Cut> CutOut(const GraphView& graph, absl::Span<const NodeId> nodes);

// The tensors that the cut keeps, by position in ModelIndex::tensors(), in order: its initializers,
// and all tensors of its nodes, their bodies and the functions that they call.
std::vector<uint32_t> TensorsOf(const GraphView& graph, const Cut& cut);

// For people and tests: "nodes: #0 #2\nin: x\nweights: w\nout: y\n", and "back: #0 #1 #2\n".
std::string ToText(const GraphView& graph, const Cut& cut);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_CUT_H_
