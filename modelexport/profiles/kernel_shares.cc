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
  Sharer(const OwnedGraph& owned, FusedLayers fused) : owned_(owned), fused_(fused) {}

  KernelShares Run(const std::vector<Kernel>& kernels, const KernelNodes& nodes) {
    for (size_t k = 0; k < kernels.size(); ++k) {
      shares_.divided.push_back(false);
      if (nodes.nodes[k].valid()) {
        GiveAll(nodes.nodes[k]);
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
  void GiveAll(NodeId node) {
    if (owned_.IsAttributed(node)) shares_.of_kernel.Append({owned_.owner(node).module, 1});
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
    std::map<ModuleId, size_t> nodes_of;
    for (NodeId node : parts) {
      if (owned_.IsAttributed(node)) ++nodes_of[owned_.owner(node).module];
    }
    shares_.divided.back() = nodes_of.size() > 1;
    if (fused_ == FusedLayers::kOwner) return GiveAll(MainOf(parts));
    for (const auto& [module, count] : nodes_of) {
      shares_.of_kernel.Append(
          {module, static_cast<double>(count) / static_cast<double>(parts.size())});
    }
  }

  NodeId MainOf(absl::Span<const NodeId> parts) {
    if (largest_.empty()) largest_ = LargestTensors(owned_.graph);
    return *std::max_element(parts.begin(), parts.end(), [this](NodeId a, NodeId b) {
      return largest_[a.index()] < largest_[b.index()];
    });
  }

  const OwnedGraph& owned_;
  const FusedLayers fused_;
  std::vector<uint64_t> largest_;
  KernelShares shares_;
};

}  // namespace

KernelShares SharesOf(const std::vector<Kernel>& kernels, const KernelNodes& nodes,
                      const OwnedGraph& owned, FusedLayers fused) {
  return Sharer(owned, fused).Run(kernels, nodes);
}

}  // namespace modelexport
