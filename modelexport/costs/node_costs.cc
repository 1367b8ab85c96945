#include "modelexport/costs/node_costs.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/costs/dims.h"
#include "modelexport/costs/graph_runs.h"
#include "modelexport/costs/operator_macs.h"
#include "modelexport/onnx/attributes.h"
#include "modelexport/onnx/data_type.h"
#include "modelexport/onnx/operator_domain.h"

namespace modelexport {
namespace {

Count BytesOf(const ValueType& type) {
  const uint32_t bits = BitsPerElement(type.data_type);
  if (bits == 0) return Count();
  return (Dims(type).Elements() * Count(bits) + Count(7)) / Count(8);
}

class CostCounter {
 public:
  CostCounter(const GraphView& graph, const ValueShapes& shapes)
      : graph_(graph), shapes_(shapes), runs_(FindGraphRuns(graph)) {}

  absl::StatusOr<std::vector<NodeCost>> Run(const std::atomic<bool>* cancelled) {
    std::vector<NodeCost> costs(graph_.num_nodes());
    for (size_t g = 0; g < graph_.index().graphs().size(); ++g) {
      const GraphRecord& record = graph_.index().graphs()[g];
      for (uint32_t n = record.first_node; n < record.first_node + record.num_nodes; ++n) {
        if (IsCancelled(cancelled)) return costs;
        MX_ASSIGN_OR_RETURN(costs[n], CostOf(NodeId(n), runs_[g]));
      }
    }
    return costs;
  }

 private:
  absl::StatusOr<NodeCost> CostOf(NodeId node, GraphRuns runs) {
    if (runs == GraphRuns::kNever) return NodeCost{Count(0), Count(0)};
    NodeCost cost;
    MX_ASSIGN_OR_RETURN(cost.macs, MacsOf(node));
    cost.activations = ActivationsOf(node);
    cost.repeats = runs == GraphRuns::kRepeated;
    if (runs == GraphRuns::kOpen) {
      for (Count* count : {&cost.macs, &cost.activations}) {
        if (!(*count == Count(0))) *count = Count();
      }
    }
    return cost;
  }

  absl::StatusOr<Count> MacsOf(NodeId node) {
    if (graph_.callee(node).valid()) return Count(0);
    const MacRule rule = RuleOf(node);
    if (rule == nullptr) return Count();
    if (rule == NoMacs) return Count(0);
    MX_ASSIGN_OR_RETURN(const Attributes attributes, Attributes::Read(graph_.index(), node));
    return rule({DimsOf(graph_.inputs(node)), DimsOf(graph_.outputs(node)), attributes});
  }

  // Looked up once for each kind of operator of the model.
  MacRule RuleOf(NodeId node) {
    const NodeRecord& record = graph_.index().node(node);
    const auto added = rules_.emplace(std::make_pair(record.domain, record.op_type), nullptr);
    if (added.second) {
      const absl::string_view domain = NormalizedDomain(graph_.index().text(record.domain));
      added.first->second = FindMacRule(domain, graph_.op_type(node));
    }
    return added.first->second;
  }

  NodeShapes::List DimsOf(absl::Span<const ValueId> values) const {
    NodeShapes::List list;
    for (ValueId value : values) {
      list.push_back(value.valid() ? absl::optional<Dims>(shapes_.type(value)) : absl::nullopt);
    }
    return list;
  }

  Count ActivationsOf(NodeId node) const {
    if (graph_.op_type(node) == "Constant") return Count(0);
    Count bytes(0);
    for (ValueId output : graph_.outputs(node)) {
      if (output.valid()) bytes = bytes + BytesOf(shapes_.type(output));
    }
    return bytes;
  }

  const GraphView& graph_;
  const ValueShapes& shapes_;
  const std::vector<GraphRuns> runs_;  // By graph.
  absl::flat_hash_map<std::pair<StringId, StringId>, MacRule> rules_;
};

}  // namespace

absl::StatusOr<std::vector<NodeCost>> CostsOfNodes(const GraphView& graph,
                                                   const ValueShapes& shapes,
                                                   const std::atomic<bool>* cancelled) {
  return CostCounter(graph, shapes).Run(cancelled);
}

}  // namespace modelexport
