// What a checker of models says about a file, as findings.
#ifndef MODELEXPORT_VALIDATION_ASK_CHECKER_H_
#define MODELEXPORT_VALIDATION_ASK_CHECKER_H_

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/model_checker.h"

namespace modelexport {

struct CheckedModel {
  const ByteSource* model = nullptr;
  std::string folder;  // Where its data files are.
};

// Adds a finding if `checker` refuses `model` or cannot judge it, or if there is no checker. What
// it says of `original`, which may be null, word for word too is onnx.checker_before. Errors are
// those of reading, and kCancelled.
absl::Status AskChecker(const ModelChecker& checker, const CheckedModel& model,
                        const CheckedModel& original, const std::atomic<bool>* cancelled,
                        Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_ASK_CHECKER_H_
