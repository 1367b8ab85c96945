// Which tensors of the source model a value stands for that has the name of one.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_MERGED_TENSORS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_MERGED_TENSORS_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "modelexport/evidence/tensors/carried_tensors.h"
#include "modelexport/evidence/tensors/tensor_readers.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Exporters and optimisers keep one of several equal tensors, with its name. It is read by more
// nodes than its own calls explain; those that it replaced are read by none.
class MergedTensors {
 public:
  // `readers` must outlive the object. Takes time in proportion to the graph and the tensors. Ends
  // soon after `*cancelled` becomes true, with what it has; null: never.
  MergedTensors(const GraphView& graph, const CarriedTensors& carried, const TensorReaders& readers,
                const std::atomic<bool>* cancelled);

  // The tensors that a value with the name of `tensor` may stand for, in the sidecar's order:
  // `tensor` alone, unless more nodes read it than its calls explain. Then also those of the same
  // shape and stats that no node reads or that, too, have too many nodes. All tensors merged with
  // each other share one span, which lives as long as the object.
  absl::Span<const TensorId> of(TensorId tensor) const;

 private:
  bool HasTooManyNodes(TensorId tensor) const {
    return nodes_reading_[tensor.index()] > readers_.times_read(tensor);
  }
  void CountNodes(const GraphView& graph, const CarriedTensors& carried,
                  const std::atomic<bool>* cancelled);

  const TensorReaders& readers_;
  std::vector<size_t> nodes_reading_;  // By tensor; nodes that only change its form are left out.
  std::vector<TensorId> alone_;        // Each tensor.
  absl::flat_hash_map<const TensorId*, std::vector<TensorId>> merged_;  // By readers_.equals().
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_MERGED_TENSORS_H_
