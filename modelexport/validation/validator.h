// The last check before a tagged file is handed over, and the check of any tagged file.
//
//   ValidationRequest request;
//   request.tagged = out.get();
//   request.original = in.get();
//   MX_ASSIGN_OR_RETURN(const ValidationResult result, Validate(request));
//   if (!result.ok()) ...
#ifndef MODELEXPORT_VALIDATION_VALIDATOR_H_
#define MODELEXPORT_VALIDATION_VALIDATOR_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/preset_set.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/model_checker.h"
#include "modelexport/validation/tag_counts.h"

namespace modelexport {

enum class ValidationLevel : uint8_t {
  kOff,       // Nothing is checked.
  kStandard,  // Tags, structure, every byte outside tensor payloads; payloads by order and length.
  kFull,      // Also the bytes of payloads, and the verdict of a checker of whole models.
};

// "off", "standard", "full".
absl::string_view NameOf(ValidationLevel level);

// All that the pointers point to must outlive the call.
struct ValidationRequest {
  const ByteSource* tagged = nullptr;    // Required.
  const ByteSource* original = nullptr;  // If null, nothing is compared.
  const Hierarchy* hierarchy = nullptr;  // If null, the one embedded in `tagged` is used.
  ValidationLevel level = ValidationLevel::kStandard;

  // The checker to ask at level kFull, such as CheckWithOnnx() (onnx_checker.h). If it is empty, a
  // finding says that no checker was asked.
  ModelChecker checker;
  std::string tagged_folder, original_folder;  // Where the data files of each are.

  bool foreign_replaced = false;   // `tagged` may replace borrowed keys that other programs wrote.
  bool ir_version_raised = false;  // `tagged` may have 10 in place of a lower or no ir_version.
  const std::atomic<bool>* cancelled = nullptr;  // If not null, polled at each block read.
};

struct ValidationResult {
  Findings findings;
  TagCounts counts;

  bool ok() const { return findings.errors() == 0; }
};

// Where one of the files was renamed and the other was not, names are compared as they were before
// (tags/old_names.h): names may differ only where the old one is kept beside them.
//
// Runs all checks that `request` has the inputs for. Whatever is wrong with `tagged` is a finding,
// even if it is malformed. An error says what kept the checks from judging: kInvalidArgument if
// `original` is malformed (with its name and the byte offset), kCancelled, or the error of a source
// that cannot be read.
//
// If the checker refuses `tagged`, it is asked about `original` too. If it refuses that for the
// same reason, apart from the names of the folders, the finding is only a warning.
absl::StatusOr<ValidationResult> Validate(const ValidationRequest& request);

// A file from which tags were removed, and its original.
struct StripValidationRequest {
  const ByteSource* original = nullptr;  // Required; has the tags.
  const ByteSource* stripped = nullptr;  // Required; lacks them.
  ValidationLevel level = ValidationLevel::kStandard;
  PresetSet removed;  // Presets whose keys were removed where they were ours.
  PresetSet all;      // Presets whose keys were removed everywhere.
  bool notes = true;  // Whether presets are left, which `stripped` lists.
  const std::atomic<bool>* cancelled = nullptr;
};

// Proves that these keys are gone and that nothing else has changed. Errors are as in Validate().
absl::StatusOr<Findings> ValidateStripped(const StripValidationRequest& request);

// A file whose nodes, and perhaps values, `rename` gave other names.
struct RenameValidationRequest {
  const ByteSource* original = nullptr;  // Required.
  const ByteSource* renamed = nullptr;   // Required.
  ValidationLevel level = ValidationLevel::kStandard;
  const std::atomic<bool>* cancelled = nullptr;
};

// Proves that `renamed` has other names alone: with the names that its metadata keep, and without
// these entries, it is `original` byte for byte. Errors are those of Validate().
absl::StatusOr<Findings> ValidateRenamed(const RenameValidationRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_VALIDATOR_H_
