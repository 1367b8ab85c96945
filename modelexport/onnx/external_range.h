// Where the elements of a tensor are that its model stores outside, and how the model would say
// that they are elsewhere.
#ifndef MODELEXPORT_ONNX_EXTERNAL_RANGE_H_
#define MODELEXPORT_ONNX_EXTERNAL_RANGE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

struct ExternalRange {
  std::string location;
  uint64_t offset = 0;
  absl::optional<uint64_t> length;  // Absent: to the end of the file.
};

// Of a tensor whose external_location is valid. kInvalidArgument with the source's name and the
// byte offset if the entries are malformed.
absl::StatusOr<ExternalRange> ReadExternalRange(const ModelIndex& index,
                                                const TensorRecord& tensor);

// The content of the TensorProto with that range in place of all that it says of its data file. All
// other fields are as they were. `range.length` must be set.
absl::StatusOr<std::string> WithExternalRange(const ModelIndex& index, const TensorRecord& tensor,
                                              const ExternalRange& range);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_EXTERNAL_RANGE_H_
