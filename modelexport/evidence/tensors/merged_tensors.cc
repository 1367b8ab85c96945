#include "modelexport/evidence/tensors/merged_tensors.h"

#include <cstddef>
#include <utility>

#include "modelexport/base/cancellation.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {

MergedTensors::MergedTensors(const GraphView& graph, const CarriedTensors& carried,
                             const TensorReaders& readers, const std::atomic<bool>* cancelled)
    : readers_(readers), nodes_reading_(readers.num_tensors()) {
  CountNodes(graph, carried, cancelled);
  for (size_t t = 0; t < nodes_reading_.size(); ++t) {
    if (EndsEarly(cancelled, t)) return;
    const TensorId tensor(t);
    alone_.push_back(tensor);
    const bool is_merged = nodes_reading_[t] == 0 || HasTooManyNodes(tensor);
    const absl::Span<const TensorId> equals = readers_.equals(tensor);
    if (is_merged && equals.size() > 1) merged_[equals.data()].push_back(tensor);
  }
}

absl::Span<const TensorId> MergedTensors::of(TensorId tensor) const {
  const auto merged = merged_.find(readers_.equals(tensor).data());
  const bool is_alone = merged == merged_.end() || !HasTooManyNodes(tensor);
  return is_alone ? absl::MakeConstSpan(&alone_[tensor.index()], 1) : merged->second;
}

void MergedTensors::CountNodes(const GraphView& graph, const CarriedTensors& carried,
                               const std::atomic<bool>* cancelled) {
  std::vector<NodeId> last_reader(nodes_reading_.size());
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    if (EndsEarly(cancelled, n)) return;
    const NodeId node(n);
    if (ChangesFormAlone(graph.op_type(node))) continue;
    for (const ValueId input : graph.inputs(node)) {
      const TensorId tensor = input.valid() ? carried.of(input) : TensorId();
      if (!tensor.valid() || std::exchange(last_reader[tensor.index()], node) == node) continue;
      ++nodes_reading_[tensor.index()];
    }
  }
}

}  // namespace modelexport
