// Whether initializers of a model that was made from another are those of the other.
#ifndef MODELEXPORT_VALIDATION_SAME_INITIALIZERS_H_
#define MODELEXPORT_VALIDATION_SAME_INITIALIZERS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/validator.h"

namespace modelexport {

// Tensors of a model by their positions in ModelIndex::tensors(); those of attributes are passed
// over.
struct InitializersOf {
  const ModelIndex& index;
  absl::Span<const uint32_t> tensors;
};

// Adds a finding for each of `mine` that none of `theirs` has the name of ("diff.extra"), or that
// has another type, other dims or other data ("diff.payload"). Of data within the models the sizes
// are compared and, at ValidationLevel::kFull, the bytes; data beside them may be in files of other
// names. Errors are those of reading.
absl::Status CompareInitializers(const InitializersOf& mine, const InitializersOf& theirs,
                                 ValidationLevel level, Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SAME_INITIALIZERS_H_
