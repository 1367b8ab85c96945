// Finds the tensors that a file holds in pieces.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_SPLIT_TENSORS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_SPLIT_TENSORS_H_

#include <atomic>
#include <vector>

#include "modelexport/evidence/tensors/stored_content.h"
#include "modelexport/evidence/tensors/tensor_search.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// A stored value that is no tensor, and no tensors one behind another.
struct UnknownValue {
  ValueId id;
  StoredContent content;
};

// A tensor, or one of several equal ones, and the values that it was cut into along an axis.
struct SplitTensor {
  std::vector<TensorId> tensors;
  std::vector<ValueId> pieces;
};

// Looks for pieces among values that stand in the file's order, none of other dims between two of a
// tensor's being taken for one: an exporter that computes the chunks of a weight leaves them so.
// Reads only what could be pieces of a tensor that `search` wants, by dims. Quantized values are
// left out: their sums tell too little. Ends soon after `*cancelled` becomes true, with what it
// has; null: never.
std::vector<SplitTensor> FindSplitTensors(const TensorSearch& search,
                                          const std::vector<UnknownValue>& values,
                                          const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_SPLIT_TENSORS_H_
