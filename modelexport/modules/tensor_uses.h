// The tensors of a file that count as parameters, and who reads them.
#ifndef MODELEXPORT_MODULES_TENSOR_USES_H_
#define MODELEXPORT_MODULES_TENSOR_USES_H_

#include <cstdint>
#include <vector>

#include "absl/types/optional.h"
#include "modelexport/base/rows.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Initializers, and the tensors of Constant nodes, but for those that are only read to say what
// form a result has (IsFormOperand()).
struct TensorUses {
  std::vector<uint32_t> tensors;  // Positions in ModelIndex::tensors(), in order.
  Rows<NodeId> readers;           // Of each of `tensors`, in order, once for each time.
};

// Takes time in proportion to the operands of nodes and the tensors.
TensorUses FindTensorUses(const GraphView& graph);

// The bytes that the elements take as raw data: absent if the type or the shape is not known. Texts
// take what the message does. Nothing is read.
absl::optional<uint64_t> StoredBytes(const ModelIndex& index, const TensorRecord& tensor);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_TENSOR_USES_H_
