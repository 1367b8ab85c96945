// The last check before a tagged file is handed over, and of any tagged file on its own.
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
  kFull,      // The bytes of payloads too, and what a checker of whole models says.
};

// "off", "standard", "full".
absl::string_view NameOf(ValidationLevel level);

// What is pointed to must outlive the call.
struct ValidationRequest {
  const ByteSource* tagged = nullptr;    // Required.
  const ByteSource* original = nullptr;  // Null: nothing is compared.
  const Hierarchy* hierarchy = nullptr;  // Null: the one embedded in `tagged`.
  ValidationLevel level = ValidationLevel::kStandard;

  // Asked at level kFull, as CheckWithOnnx() (onnx_checker.h). Empty: a finding says that nothing
  // was.
  ModelChecker checker;
  std::string tagged_folder, original_folder;  // Where the data files of each lie.

  bool foreign_replaced = false;   // `tagged` may have presets in place of others' borrowed keys.
  bool ir_version_raised = false;  // `tagged` may have ir_version 10 where `original` has less.
  const std::atomic<bool>* cancelled = nullptr;  // Polled where not null, at each block read.
};

struct ValidationResult {
  Findings findings;
  TagCounts counts;

  bool ok() const { return findings.errors() == 0; }
};

// Runs all checks that `request` has the inputs for. What is wrong with `tagged` is a finding, also
// that it is malformed. An error is what kept the checks from judging: kInvalidArgument if
// `original` is malformed (with its name and the byte offset), kCancelled, what a source cannot
// read.
//
// What the checker says of `tagged` is a warning if it says the same of `original`, but for names
// of the folders: it is asked about that too then.
absl::StatusOr<ValidationResult> Validate(const ValidationRequest& request);

// A file that tags were taken out of.
struct StripValidationRequest {
  const ByteSource* original = nullptr;  // Required, with tags.
  const ByteSource* stripped = nullptr;  // Required, without.
  ValidationLevel level = ValidationLevel::kStandard;
  PresetSet removed;  // Whose keys went where they were ours,
  PresetSet all;      // and everywhere.
  bool notes = true;  // Whether presets are left that `stripped` lists.
  const std::atomic<bool>* cancelled = nullptr;
};

// Proves that these keys are gone and that nothing else has changed. Errors are those of
// Validate().
absl::StatusOr<Findings> ValidateStripped(const StripValidationRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_VALIDATOR_H_
