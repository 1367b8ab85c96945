// The values that a model stores: initializers and what Constant nodes make.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_STORED_VALUES_H_
#define MODELEXPORT_EVIDENCE_TENSORS_STORED_VALUES_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {

// A dense tensor that the file, or a file beside it, holds.
struct StoredValue {
  int32_t data_type = 0;  // TensorProto.DataType.
  std::vector<int64_t> dims;
  uint64_t count = 0;                    // Of elements: the product of the dims.
  const TensorRecord* tensor = nullptr;  // Null: `numbers` are the elements.
  std::vector<double> numbers;
};

class StoredValues {
 public:
  // `graph` must outlive the object. Once `*cancelled` is true, reading fails; null: never.
  StoredValues(const GraphView& graph, DataFolder folder,
               const std::atomic<bool>* cancelled = nullptr);

  // Absent for values that are made by other operators or given as input without a default, for
  // sparse ones and for those whose dims make no sense. Reads nothing, except that of a Constant
  // node without a tensor the attributes are looked through.
  absl::optional<StoredValue> Find(ValueId value) const;

  // Calls `visit` with the elements, as ReadElements().
  absl::Status Read(const StoredValue& value,
                    absl::FunctionRef<void(absl::Span<const double>)> visit) const;

 private:
  absl::optional<StoredValue> FindConstant(NodeId node) const;
  absl::optional<StoredValue> OfTensor(const TensorRecord& tensor) const;

  const GraphView& graph_;
  const DataFolder folder_;
  const std::atomic<bool>* const cancelled_;
  std::vector<uint32_t> constant_tensors_;  // By node: the tensor of a Constant; else kNoTensor.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_STORED_VALUES_H_
