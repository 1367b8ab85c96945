// What a stored tensor holds, as the `stats` of a sidecar.
#ifndef MODELEXPORT_HIERARCHY_READERS_STORED_STATS_H_
#define MODELEXPORT_HIERARCHY_READERS_STORED_STATS_H_

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {

// Absent for tensors without elements, of bool, or with a value that is not finite
// (docs/sidecar.md). Reads in blocks. Errors: those of ReadElements().
absl::StatusOr<absl::optional<TensorStats>> StatsOf(const ModelIndex& index,
                                                    const TensorRecord& tensor,
                                                    const DataFolder& folder);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_STORED_STATS_H_
