// Proves that a file is a part of another one that runs alone.
#ifndef MODELEXPORT_VALIDATION_EXTRACTED_H_
#define MODELEXPORT_VALIDATION_EXTRACTED_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/model_checker.h"
#include "modelexport/validation/validator.h"

namespace modelexport {

// All that is pointed to must outlive the call.
struct ExtractedRequest {
  const GraphView* original = nullptr;
  absl::Span<const NodeId> nodes;  // Of the original: what `extracted` must have, in order.
  absl::Span<const uint32_t>
      tensors;  // Likewise its tensors; by position in ModelIndex::tensors().
  const ByteSource* extracted = nullptr;
  ValidationLevel level = ValidationLevel::kStandard;

  ModelChecker checker;                 // Asked at level kFull.
  std::string folder, original_folder;  // Where the data files of each are.
  const std::atomic<bool>* cancelled = nullptr;
};

// Findings: a node that is not the original's byte for byte (one that has bodies: by operator,
// name, inputs and outputs); a value that is read or an output, and that nothing makes; one that is
// defined more than once; an initializer that is not the original's, by type, dims and the size of
// its message, at level kFull byte for byte, unless its elements are stored outside; and the
// checker's verdict as Validate() has it. Errors are those of reading, and kCancelled.
absl::StatusOr<Findings> ValidateExtracted(const ExtractedRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_EXTRACTED_H_
