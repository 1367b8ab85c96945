// Checks a tagged file, whoever wrote it, from file to findings.
#ifndef MODELEXPORT_COMMANDS_VALIDATE_H_
#define MODELEXPORT_COMMANDS_VALIDATE_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "modelexport/commands/command.h"
#include "modelexport/report/validation_report.h"
#include "modelexport/validation/model_checker.h"
#include "modelexport/validation/validator.h"

namespace modelexport {

struct ValidateFileRequest {
  // Paths.
  std::string model;
  // A path or kNamesHierarchy; "", kEmbeddedHierarchy: the one that the model carries.
  std::string hierarchy;
  std::string original;  // "": nothing is compared.

  ValidationLevel level = ValidationLevel::kStandard;
  ModelChecker checker;  // Asked at level kFull (validation/onnx_checker.h).
  bool ir_version_raised = false;
  const std::atomic<bool>* cancelled = nullptr;  // Once true, the run ends with kCancelled.
};

// What is wrong with the model, also that it is malformed, is in the report. An error is what kept
// it from being judged: a file that cannot be read, a malformed hierarchy or original.
absl::StatusOr<ValidationReport> ValidateFile(const ValidateFileRequest& request);

// `modelexport validate` (docs/cli.md). Returns the exit code.
int ValidateCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_VALIDATE_H_
