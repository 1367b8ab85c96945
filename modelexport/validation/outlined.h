// Proves that a file computes what another one does, although parts of it are local functions now.
#ifndef MODELEXPORT_VALIDATION_OUTLINED_H_
#define MODELEXPORT_VALIDATION_OUTLINED_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/model_checker.h"
#include "modelexport/validation/validator.h"

namespace modelexport {

// All that is pointed to must outlive the call.
struct OutlinedRequest {
  const GraphView* original = nullptr;
  const ByteSource* outlined = nullptr;
  ValidationLevel level = ValidationLevel::kStandard;

  ModelChecker checker;                 // Asked at level kFull.
  std::string folder, original_folder;  // Where the data files of each are.
  const std::atomic<bool>* cancelled = nullptr;
};

// With the functions put back in place that the original has not, the same nodes must run, each
// output must be computed as in the original, and the model must have its inputs and outputs.
// Findings: where that is not so; nodes that read what later ones make; nodes of one graph with one
// name that they do not share in the original; an initializer that is not the original's, by type,
// dims and the size of its message, at level kFull byte for byte; and the checker's verdict as
// Validate() has it. Errors are those of reading, and kCancelled.
absl::StatusOr<Findings> ValidateOutlined(const OutlinedRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_OUTLINED_H_
