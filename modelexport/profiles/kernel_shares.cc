#include "modelexport/profiles/kernel_shares.h"

#include <algorithm>
#include <map>

#include "absl/types/span.h"
#include "modelexport/modules/tensor_uses.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {
namespace {

// By node: elements of the largest tensor that it reads.
std::vector<uint64_t> LargestTensors(const GraphView& graph) {
  std::vector<uint64_t> largest(graph.num_nodes());
  const TensorUses uses = FindTensorUses(graph);
  for (size_t i = 0; i < uses.tensors.size(); ++i) {
    const TensorRecord& tensor = graph.index().tensors()[uses.tensors[i]];
    const uint64_t elements = NumElements(graph.index(), tensor).value_or(0);
    for (NodeId node : uses.readers[i]) {
      largest[node.index()] = std::max(largest[node.index()], elements);
    }
  }
  return largest;
}

class Sharer {
 public:
  Sharer(const OwnedGraph& owned, FusedLayers fused, const MacsOfNodes& macs)
      : owned_(owned), fused_(fused), macs_(macs) {}

  KernelShares Run(const std::vector<Kernel>& kernels, const KernelNodes& nodes) {
    for (size_t k = 0; k < kernels.size(); ++k) {
      shares_.divided.push_back(false);
      shares_.by_macs.push_back(false);
      shares_.with_others.push_back(nodes.nodes[k].valid() &&
                                    !owned_.also_of(nodes.nodes[k]).empty());
      if (nodes.nodes[k].valid()) {
        GiveAll(nodes.modules[k]);
      } else if (kernels[k].parts_are_ends) {
        GiveAround(nodes.parts[k]);
      } else if (!nodes.parts[k].empty()) {
        GiveParts(nodes.parts[k]);
      }
      shares_.of_kernel.EndRow();
    }
    return std::move(shares_);
  }

 private:
  void GiveAll(ModuleId module) {
    if (module.valid()) shares_.of_kernel.Append({module, 1});
  }

  void GiveAround(absl::Span<const NodeId> ends) {
    const bool are_known =
        ends.size() == 2 && owned_.IsAttributed(ends[0]) && owned_.IsAttributed(ends[1]);
    if (!are_known) return;
    shares_.of_kernel.Append({owned_.hierarchy.CommonAncestor(owned_.owner(ends[0]).module,
                                                              owned_.owner(ends[1]).module),
                              1});
    shares_.divided.back() = true;
  }

  void GiveParts(absl::Span<const NodeId> parts) {
    const double macs = MacsOf(parts);
    std::map<ModuleId, double> part_of;
    for (NodeId node : parts) {
      if (!owned_.IsAttributed(node)) continue;
      part_of[owned_.owner(node).module] += macs > 0
                                                ? static_cast<double>(*macs_[node.index()]) / macs
                                                : 1 / static_cast<double>(parts.size());
    }
    shares_.divided.back() = part_of.size() > 1;
    if (fused_ == FusedLayers::kOwner) return GiveAll(owned_.AttributedModule(MainOf(parts)));
    shares_.by_macs.back() = part_of.size() > 1 && macs > 0;
    for (const auto& [module, part] : part_of) {
      if (part > 0) shares_.of_kernel.Append({module, std::min(part, 1.0)});
    }
  }

  // Of all parts; 0 if those of one are unknown.
  double MacsOf(absl::Span<const NodeId> parts) const {
    double sum = 0;
    for (NodeId node : parts) {
      if (macs_.empty() || !macs_[node.index()].has_value()) return 0;
      sum += static_cast<double>(*macs_[node.index()]);
    }
    return sum;
  }

  NodeId MainOf(absl::Span<const NodeId> parts) {
    if (largest_.empty()) largest_ = LargestTensors(owned_.graph);
    return *std::max_element(parts.begin(), parts.end(), [this](NodeId a, NodeId b) {
      return largest_[a.index()] < largest_[b.index()];
    });
  }

  const OwnedGraph& owned_;
  const FusedLayers fused_;
  const MacsOfNodes& macs_;
  std::vector<uint64_t> largest_;
  KernelShares shares_;
};

}  // namespace

bool HasLayersOfModules(const KernelNodes& nodes, const OwnedGraph& owned) {
  for (size_t k = 0; k < nodes.nodes.size(); ++k) {
    const absl::Span<const NodeId> parts = nodes.parts[k];
    const bool differ = std::any_of(parts.begin(), parts.end(), [&](NodeId node) {
      return owned.owner(node).module != owned.owner(parts[0]).module;
    });
    if (differ) return true;
  }
  return false;
}

KernelShares SharesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                      const OwnedGraph& owned, FusedLayers fused, const MacsOfNodes& macs) {
  return Sharer(owned, fused, macs).Run(kernels, nodes);
}

}  // namespace modelexport
