// How often each graph of a model runs in one run of the model.
#ifndef MODELEXPORT_COSTS_GRAPH_RUNS_H_
#define MODELEXPORT_COSTS_GRAPH_RUNS_H_

#include <cstdint>
#include <vector>

#include "modelexport/graph/graph_view.h"

namespace modelexport {

enum class GraphRuns : uint8_t {
  kNever,  // A function that nothing calls.
  kOnce,
  kRepeated,  // A body of Loop or Scan, and what it calls: as often as the input says.
  kOpen,      // A branch of If, which may not run; a function that several nodes call.
};

// By graph. Takes time in proportion to the nodes.
std::vector<GraphRuns> FindGraphRuns(const GraphView& graph);

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_GRAPH_RUNS_H_
