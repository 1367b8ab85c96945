#include "modelexport/profiles/kernel_nodes.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/profiles/inlined_nodes.h"

namespace modelexport {
namespace {

constexpr size_t kMaxOfOneName = 1000;

class KernelFinder {
 public:
  KernelFinder(const OwnedGraph& owned, const std::vector<Kernel>& kernels)
      : owned_(owned),
        graph_(owned.graph),
        kernels_(kernels),
        inlined_(owned, NamesOf(kernels)),
        positions_(graph_.num_nodes()) {
    const auto& graphs = graph_.index().graphs();
    std::vector<bool> is_run(graphs.size());  // A graph comes after the one that it is in.
    for (size_t g = 0; g < graphs.size(); ++g) {
      const GraphRecord& record = graphs[g];
      is_run[g] = record.kind == GraphRecord::Kind::kMain ||
                  (record.kind == GraphRecord::Kind::kBody && is_run[GraphOf(record.parent)]);
      Enter(GraphId(g), record, is_run[g]);
    }
  }

  KernelNodes Find() {
    found_.nodes.reserve(kernels_.size());
    for (uint32_t k = 0; k < kernels_.size(); ++k) {
      if (kernels_[k].parts.empty()) {
        found_.nodes.push_back(Find(kernels_[k], k));
        const NodeId node = found_.nodes.back();
        found_.modules.push_back(node.valid() ? owned_.AttributedModule(node) : ModuleId());
        if (!node.valid()) FindInlined(kernels_[k]);
      } else {
        found_.nodes.emplace_back();
        found_.modules.emplace_back();
        with_bodies_of_.emplace_back();
        AppendParts(kernels_[k].parts);
      }
      nearest_.push_back(with_bodies_of_.back().empty() ? AroundOf(kernels_[k]) : k);
      found_.parts.EndRow();
    }
    return std::move(found_);
  }

 private:
  static std::vector<absl::string_view> NamesOf(const std::vector<Kernel>& kernels) {
    std::vector<absl::string_view> names;
    for (const Kernel& kernel : kernels) names.push_back(kernel.name);
    return names;
  }

  size_t GraphOf(NodeId node) const { return graph_of_[node.index()].index(); }

  void Enter(GraphId id, const GraphRecord& record, bool is_run) {
    graph_of_.resize(graph_.num_nodes());
    uint32_t position = 0;
    for (uint32_t n = record.first_node; n < record.first_node + record.num_nodes; ++n) {
      const NodeId node(n);
      graph_of_[n] = id;
      positions_[n] = position;
      if (graph_.op_type(node) != "Constant") ++position;
      if (!is_run) continue;
      const absl::string_view name = graph_.name(node);
      if (name.empty()) {
        unnamed_[absl::StrCat(graph_.op_type(node), "_", positions_[n])].push_back(node);
      } else {
        named_[name].push_back(node);
      }
    }
    if (record.kind == GraphRecord::Kind::kBody) with_bodies_.insert(record.parent);
  }

  template <typename Nodes>
  static std::vector<NodeId> Of(const Nodes& nodes, absl::string_view name) {
    const auto found = nodes.find(name);
    if (found == nodes.end() || found->second.size() > kMaxOfOneName) return {};
    return found->second;
  }

  // Leaves those that fit, if any does.
  template <typename Fits>
  static void Prefer(std::vector<NodeId>* nodes, const Fits& fits) {
    if (std::any_of(nodes->begin(), nodes->end(), fits)) {
      nodes->erase(
          std::remove_if(nodes->begin(), nodes->end(), [&](NodeId node) { return !fits(node); }),
          nodes->end());
    }
  }

  NodeId Find(const Kernel& kernel, uint32_t k) {
    std::vector<NodeId> nodes = Of(named_, kernel.name);
    const bool is_name = !nodes.empty();
    const std::vector<NodeId> unnamed = Of(unnamed_, kernel.name);
    nodes.insert(nodes.end(), unnamed.begin(), unnamed.end());
    if (!kernel.op_type.empty()) {
      nodes.erase(
          std::remove_if(nodes.begin(), nodes.end(),
                         [&](NodeId node) { return graph_.op_type(node) != kernel.op_type; }),
          nodes.end());
    }
    if (is_name && nodes.empty() && found_.contradicted == Kernel::kNone) found_.contradicted = k;
    Prefer(&nodes, [&](NodeId node) { return RanThere(node, kernel); });
    const auto is_there = [&](NodeId node) { return kernel.position == positions_[node.index()]; };
    if (std::any_of(nodes.begin(), nodes.end(), is_there)) {
      Prefer(&nodes, is_there);
    } else {
      Prefer(&nodes, [&](NodeId node) { return !graph_.name(node).empty(); });
    }
    with_bodies_of_.push_back(WithBodies(nodes));
    return OneOf(nodes);
  }

  void FindInlined(const Kernel& kernel) {
    const InlinedNode inlined = inlined_.Find(kernel.name);
    if (!inlined.node.valid()) return;
    if (!kernel.op_type.empty() && graph_.op_type(inlined.node) != kernel.op_type) return;
    found_.nodes.back() = inlined.node;
    found_.modules.back() = inlined.module;
  }

  void AppendParts(const std::vector<std::string>& names) {
    absl::flat_hash_set<NodeId> met;
    for (const std::string& name : names) {
      std::vector<NodeId> nodes = Of(named_, name);
      Prefer(&nodes, [&](NodeId node) { return RanThere(node, Kernel()); });
      const NodeId node = OneOf(nodes);
      if (node.valid() && met.insert(node).second) found_.parts.Append(node);
    }
  }

  std::vector<NodeId> WithBodies(const std::vector<NodeId>& nodes) const {
    std::vector<NodeId> with_bodies;
    for (NodeId node : nodes) {
      if (with_bodies_.contains(node)) with_bodies.push_back(node);
    }
    return with_bodies;
  }

  uint32_t AroundOf(const Kernel& kernel) const {
    return kernel.parent == Kernel::kNone ? Kernel::kNone : nearest_[kernel.parent];
  }

  // Whether a node can have run in the place where the kernel did. What has no bodies is around
  // nothing: there clocks were too coarse.
  bool RanThere(NodeId node, const Kernel& kernel) const {
    const uint32_t around = AroundOf(kernel);
    const GraphRecord& graph = graph_.index().graphs()[GraphOf(node)];
    if (around == Kernel::kNone) return graph.kind == GraphRecord::Kind::kMain;
    const std::vector<NodeId>& parents = with_bodies_of_[around];
    return graph.kind == GraphRecord::Kind::kBody &&
           std::find(parents.begin(), parents.end(), graph.parent) != parents.end();
  }

  NodeId OneOf(const std::vector<NodeId>& nodes) const {
    for (NodeId node : nodes) {
      const Owner& owner = owned_.owner(node);
      const Owner& first = owned_.owner(nodes[0]);
      if (owner.module != first.module || owner.call != first.call ||
          owned_.IsAttributed(node) != owned_.IsAttributed(nodes[0])) {
        return NodeId();
      }
    }
    return nodes.empty() ? NodeId() : nodes[0];
  }

  const OwnedGraph& owned_;
  const GraphView& graph_;
  const std::vector<Kernel>& kernels_;
  const InlinedNodes inlined_;
  std::vector<GraphId> graph_of_;    // By node.
  std::vector<uint32_t> positions_;  // By node: among those of its graph that are no Constants.
  absl::flat_hash_map<absl::string_view, std::vector<NodeId>> named_;
  absl::flat_hash_map<std::string, std::vector<NodeId>> unnamed_;  // By ONNX Runtime's name.
  absl::flat_hash_set<NodeId> with_bodies_;
  // By kernel: those of the nodes that it may be, one in each of several bodies, that have bodies.
  std::vector<std::vector<NodeId>> with_bodies_of_;
  std::vector<uint32_t> nearest_;  // By kernel: it or the nearest one around it that has such.
  KernelNodes found_;
};

}  // namespace

KernelNodes FindKernelNodes(const OwnedGraph& owned, const std::vector<Kernel>& kernels) {
  return KernelFinder(owned, kernels).Find();
}

}  // namespace modelexport
