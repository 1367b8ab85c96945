// The elements of a TensorProto as numbers, however they are stored.
//
// Nothing else in this library reads weights. Elements are read in blocks, in memory
// that does not grow with the tensor.
#ifndef MODELEXPORT_ONNX_TENSOR_ELEMENTS_H_
#define MODELEXPORT_ONNX_TENSOR_ELEMENTS_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// The folder that external data is in: empty for the working directory, else with a slash at its
// end. Absent where the model is no file and has none.
using DataFolder = absl::optional<std::string>;

// The number of elements of a tensor with these dims. Absent if one is negative (and none before it
// is 0) or the product is over 2^48, which no file can hold.
absl::optional<uint64_t> CountElements(absl::Span<const int64_t> dims);
absl::optional<uint64_t> NumElements(const ModelIndex& index, const TensorRecord& tensor);

// Calls `visit` with the elements in order, none of the blocks empty: raw_data, the typed fields,
// packed or not, or external data. 64-bit integers are rounded to double. A tensor of no elements
// makes no call.
//
// kInvalidArgument if there are fewer or more elements than the dims say, before `visit` sees any
// element too many; kUnimplemented for types without an ElementType; errors of the data file, also
// where there is no folder, with its location; kCancelled soon after `*cancelled` becomes true
// (null: never).
absl::Status ReadElements(const ModelIndex& index, const TensorRecord& tensor,
                          const DataFolder& folder,
                          absl::FunctionRef<void(absl::Span<const double>)> visit,
                          const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_TENSOR_ELEMENTS_H_
