#include "modelexport/costs/graph_runs.h"

#include <algorithm>

#include "modelexport/graph/called_graphs.h"

namespace modelexport {
namespace {

// Goes from the main graph to what its nodes hold and call. Each graph is met once: from where it
// is met first, as what is called from several places is kOpen whatever these are.
class RunsFinder {
 public:
  explicit RunsFinder(const GraphView& graph)
      : graph_(graph),
        chains_(CountCallChains(graph)),
        runs_(graph.index().graphs().size(), GraphRuns::kNever) {}

  std::vector<GraphRuns> Run() {
    Meet(kMainGraph, GraphRuns::kOnce);
    while (!open_.empty()) {
      const GraphId graph = open_.back();
      open_.pop_back();
      FollowNodesOf(graph);
    }
    return std::move(runs_);
  }

 private:
  void Meet(GraphId graph, GraphRuns runs) {
    if (runs_[graph.index()] != GraphRuns::kNever) return;
    runs_[graph.index()] = chains_[graph.index()] > 1 ? GraphRuns::kOpen : runs;
    open_.push_back(graph);
  }

  void FollowNodesOf(GraphId id) {
    const GraphRecord& record = graph_.index().graph(id);
    const GraphRuns runs = runs_[id.index()];
    for (uint32_t n = record.first_node; n < record.first_node + record.num_nodes; ++n) {
      const NodeId node(n);
      const GraphId callee = graph_.callee(node);
      if (callee.valid()) Meet(callee, runs);
      const bool is_branch = graph_.op_type(node) == "If";
      const GraphRuns here = is_branch ? GraphRuns::kOpen : GraphRuns::kRepeated;
      for (const GraphRecord& body : graph_.index().bodies(node)) {
        Meet(graph_.index().id_of(body), std::max(runs, here));
      }
    }
  }

  const GraphView& graph_;
  const std::vector<int> chains_;
  std::vector<GraphRuns> runs_;
  std::vector<GraphId> open_;
};

}  // namespace

std::vector<GraphRuns> FindGraphRuns(const GraphView& graph) { return RunsFinder(graph).Run(); }

}  // namespace modelexport
