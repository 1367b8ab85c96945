#include "modelexport/modules/instance_nodes.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "modelexport/graph/constant_nodes.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

// How often the nodes of an instance may be looked at in search of helpers.
constexpr size_t kMaxSearches = 64;

class InstanceNodes {
 public:
  InstanceNodes(const OwnedGraph& owned, const SmallConstants& constants,
                std::vector<ModuleInstance> instances)
      : graph_(owned.graph),
        has_calls_(!owned.hierarchy.calls().empty()),
        constants_(constants),
        constant_(FindConstantNodes(owned.graph)),
        instances_(std::move(instances)) {}

  std::vector<std::vector<NodeId>> Run() {
    std::vector<std::vector<NodeId>> all;
    for (uint32_t i = 0; i < instances_.size(); ++i) {
      std::vector<NodeId> nodes = NodesBelow(i);
      const bool is_called = instances_[i].call.valid() || !has_calls_;
      if (i > 0 && is_called) MoveHelpersOut(i, &nodes);
      AddOwnConstants(&nodes);
      std::sort(nodes.begin(), nodes.end());
      all.push_back(std::move(nodes));
    }
    return all;
  }

 private:
  std::vector<NodeId> NodesBelow(uint32_t top) const {
    std::vector<NodeId> nodes;
    std::vector<uint32_t> open = {top};
    while (!open.empty()) {
      const ModuleInstance& instance = instances_[open.back()];
      open.pop_back();
      for (NodeId node : instance.nodes) {
        if (!constant_[node.index()]) nodes.push_back(node);
      }
      open.insert(open.end(), instance.children.begin(), instance.children.end());
    }
    std::sort(nodes.begin(), nodes.end());
    return nodes;
  }

  void MoveHelpersOut(uint32_t id, std::vector<NodeId>* nodes) {
    const absl::flat_hash_set<NodeId> helpers = FindHelpers(*nodes);
    if (helpers.empty()) return;
    const auto is_helper = [&](NodeId node) { return helpers.contains(node); };
    nodes->erase(std::remove_if(nodes->begin(), nodes->end(), is_helper), nodes->end());
    std::vector<uint32_t> open = {id};
    while (!open.empty()) {
      ModuleInstance& instance = instances_[open.back()];
      open.pop_back();
      std::vector<NodeId>& own = instance.nodes;
      own.erase(std::remove_if(own.begin(), own.end(), is_helper), own.end());
      open.insert(open.end(), instance.children.begin(), instance.children.end());
    }
    std::vector<NodeId>& around = instances_[instances_[id].parent].nodes;
    around.insert(around.end(), helpers.begin(), helpers.end());
  }

  absl::flat_hash_set<NodeId> FindHelpers(const std::vector<NodeId>& nodes) const {
    absl::flat_hash_set<NodeId> helpers;
    const NodeSet all(graph_, nodes);
    size_t searches = 0;
    for (NodeId node : nodes) {
      if (helpers.contains(node) || !IsReadOutside(node, all)) continue;
      if (++searches > kMaxSearches) break;
      for (NodeId helper : WithoutWeights(node, all, (nodes.size() - 1) / 2)) {
        helpers.insert(helper);
      }
    }
    return 2 * helpers.size() < nodes.size() ? helpers : absl::flat_hash_set<NodeId>();
  }

  bool IsReadOutside(NodeId node, const NodeSet& all) const {
    for (ValueId output : graph_.outputs(node)) {
      if (!output.valid()) continue;
      if (graph_.value(output).is_graph_output) return true;
      for (NodeId reader : graph_.consumers(output)) {
        if (!all.contains(reader)) return true;
      }
    }
    return false;
  }

  // `end` and what it depends on within `all`; none if a weight is among it, or it is more than
  // `most` nodes.
  std::vector<NodeId> WithoutWeights(NodeId end, const NodeSet& all, size_t most) const {
    absl::flat_hash_set<NodeId> found = {end};
    std::vector<NodeId> open = {end};
    for (size_t i = 0; i < open.size(); ++i) {
      if (open.size() > most) return {};
      for (NodeId reader : WithBodies(graph_, open[i])) {
        for (ValueId input : graph_.inputs(reader)) {
          if (!input.valid()) continue;
          if (IsWeight(input)) return {};
          const NodeId maker = graph_.value(input).producer;
          if (maker.valid() && all.contains(maker) && InMain(maker) && found.insert(maker).second) {
            open.push_back(maker);
          }
        }
      }
    }
    return open;
  }

  bool InMain(NodeId node) const {
    const GraphRecord& main = graph_.index().graphs()[0];
    return node.index() < main.first_node + main.num_nodes;
  }

  bool IsWeight(ValueId id) const {
    const Value& value = graph_.value(id);
    const bool is_constant = value.producer.valid() ? constant_[value.producer.index()]
                                                    : value.tensor != Value::kNoTensor;
    return is_constant && constants_.of(id) == SmallConstants::kNone;
  }

  // From the readers back: each is looked at once for each value that is read of it.
  void AddOwnConstants(std::vector<NodeId>* nodes) const {
    absl::flat_hash_set<NodeId> set(nodes->begin(), nodes->end());
    for (size_t i = 0; i < nodes->size(); ++i) {
      for (ValueId input : graph_.inputs((*nodes)[i])) {
        if (!input.valid() || constants_.of(input) != SmallConstants::kNone) continue;
        const NodeId maker = graph_.value(input).producer;
        if (maker.valid() && IsOwnConstant(maker, set)) {
          set.insert(maker);
          nodes->push_back(maker);
        }
      }
    }
  }

  bool IsOwnConstant(NodeId node, const absl::flat_hash_set<NodeId>& set) const {
    if (!constant_[node.index()] || set.contains(node) || !InMain(node)) return false;
    if (!graph_.index().bodies(node).empty()) return false;
    for (ValueId output : graph_.outputs(node)) {
      if (!output.valid()) continue;
      if (graph_.value(output).is_graph_output) return false;
      for (NodeId reader : graph_.consumers(output)) {
        if (!set.contains(reader)) return false;
      }
    }
    return DependsOnSmallOnes(node);
  }

  bool DependsOnSmallOnes(NodeId end) const {
    constexpr size_t kMost = 64;
    std::vector<NodeId> open = {end};
    for (size_t i = 0; i < open.size(); ++i) {
      if (open.size() > kMost) return false;
      for (ValueId input : graph_.inputs(open[i])) {
        if (!input.valid() || constants_.of(input) != SmallConstants::kNone) continue;
        if (!graph_.value(input).producer.valid()) return false;
        open.push_back(graph_.value(input).producer);
      }
    }
    // A Constant that is not small is a weight.
    return std::none_of(open.begin(), open.end(), [&](NodeId node) {
      return graph_.op_type(node) == "Constant" || !graph_.index().bodies(node).empty();
    });
  }

  const GraphView& graph_;
  const bool has_calls_;
  const SmallConstants& constants_;
  const std::vector<bool> constant_;
  std::vector<ModuleInstance> instances_;
};

}  // namespace

std::vector<std::vector<NodeId>> NodesOfInstances(const OwnedGraph& owned,
                                                  const SmallConstants& constants,
                                                  std::vector<ModuleInstance> instances) {
  return InstanceNodes(owned, constants, std::move(instances)).Run();
}

}  // namespace modelexport
