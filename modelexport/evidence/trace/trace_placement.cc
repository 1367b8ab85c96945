#include "modelexport/evidence/trace/trace_placement.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/tensors/given_weights.h"
#include "modelexport/evidence/trace/aligner.h"
#include "modelexport/evidence/trace/flow_bounds.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/inlined_calls.h"
#include "modelexport/evidence/trace/inlined_operators.h"
#include "modelexport/evidence/trace/source_run.h"
#include "modelexport/evidence/trace/tensor_proof.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

// Whether there is an image of which more can be told than is settled.
bool HasOpenImages(const Image& image, const Hierarchy& hierarchy,
                   const std::vector<Anchor>& anchors) {
  for (size_t i = 0; i < image.size(); ++i) {
    const Anchor& anchor = anchors[image.node(i).index()];
    if (!anchor.module.valid()) return true;
    if (!anchor.exact && !hierarchy.children(anchor.module).empty()) return true;
  }
  return false;
}

std::vector<TensorId> HeldBy(const TensorIdentity& tensors, ValueId value) {
  std::vector<TensorId> held;
  for (const std::vector<TensorId>& part : tensors.of(value).parts) {
    held.insert(held.end(), part.begin(), part.end());
  }
  return held;
}

// Of the first tensor that the node reads; invalid if that is unknown.
ModuleId OwnerOfTensors(const GraphView& graph, const Hierarchy& hierarchy,
                        const TensorIdentity& tensors, NodeId node) {
  for (ValueId input : graph.inputs(node)) {
    if (!input.valid()) continue;
    const TensorId tensor = tensors.of(input).only();
    if (tensor.valid()) return hierarchy.tensor(tensor).owner;
  }
  return ModuleId();
}

}  // namespace

TracePlacement::TracePlacement(const GraphView& graph, const Hierarchy& hierarchy,
                               const TensorIdentity& tensors, std::vector<Anchor> anchors,
                               const std::atomic<bool>* cancelled)
    : at_(graph.num_nodes()) {
  const Image image(graph, cancelled, FindGivenWeights(graph, hierarchy));
  if (IsCancelled(cancelled)) return;
  if (!HasOpenImages(image, hierarchy, anchors)) return;
  const SourceRun source(hierarchy, cancelled);
  if (IsCancelled(cancelled)) return;
  AnchorInlinedCalls(
      graph, hierarchy, source.module_ranges(),
      [&](NodeId node) { return OwnerOfTensors(graph, hierarchy, tensors, node); }, &anchors);
  AnchorInlinedOperators(graph, &anchors);
  const auto held = [&tensors](ValueId value) { return HeldBy(tensors, value); };
  const Clues clues(source, image, held, anchors, cancelled);
  if (IsCancelled(cancelled)) return;
  const Alignment alignment = Align(source, image, clues, cancelled);
  if (IsCancelled(cancelled)) return;
  const TensorProof proof(source, image, tensors, alignment.op);
  for (size_t i = 0; i < alignment.op.size(); ++i) {
    if (clues.is_of_other(i) || !proof.Allows(i, alignment.op[i])) continue;
    if (!clues.has_anchor(i) && clues.Forbids(i, alignment.op[i])) continue;
    const Alignment::Rival& rival = alignment.rivals[i];
    at_[image.node(i).index()] = {OpId(alignment.op[i]), alignment.around[i], NodeId(),
                                  rival.module, rival.behind};
  }
  if (!alignment.op.empty() && alignment.band < source.size()) {
    note_ = absl::StrCat(image.size(), " nodes times ", source.size(),
                         " operators are too many pairs; each node was compared with ",
                         alignment.band, " operators around where it is expected");
  }
  const std::vector<NodeId>& sequence = image.sequence();
  for (size_t i = sequence.size(); i-- > 0;) {
    const bool is_placed = image.role(sequence[i]) == NodeRole::kImage;
    if (!is_placed && !IsReorder(graph.op_type(sequence[i])))
      PlaceWithConsumers(graph, sequence[i]);
  }
}

void TracePlacement::PlaceWithConsumers(const GraphView& graph, NodeId node) {
  At& at = at_[node.index()];
  for (ValueId output : graph.outputs(node)) {
    if (!output.valid()) continue;
    for (NodeId consumer : graph.consumers(output)) {
      const At& other = at_[consumer.index()];
      if (!other.op.valid() || (at.op.valid() && !(other.op < at.op))) continue;
      at = other;
      at.with = consumer;
    }
  }
}

const TracePlacement& PlacementOf(const MatchContext& context) {
  return context.Share<TracePlacement>([&context] {
    std::vector<Anchor> anchors(context.graph.num_nodes());
    for (const Candidate& settled : context.settled()) {
      anchors[settled.node.index()] = {settled.module, settled.call, settled.exact, settled.op};
    }
    return std::make_unique<const TracePlacement>(context.graph, context.hierarchy,
                                                  TensorsOf(context), std::move(anchors),
                                                  context.cancelled());
  });
}

}  // namespace modelexport
