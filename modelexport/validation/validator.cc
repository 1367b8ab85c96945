#include "modelexport/validation/validator.h"

#include "absl/status/status.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/validation/check_tags.h"
#include "modelexport/validation/compare_files.h"

namespace modelexport {
namespace {

absl::Status JudgeTags(const ValidationRequest& request, ValidationResult* result) {
  return CheckTags(*request.tagged, {request.hierarchy, request.cancelled}, &result->findings,
                   &result->counts);
}

absl::Status CompareWithOriginal(const ValidationRequest& request, ValidationResult* result) {
  if (request.original == nullptr || result->findings.count("file.malformed") > 0) {
    return absl::OkStatus();
  }
  CompareFilesOptions options;
  options.payloads = request.level == ValidationLevel::kFull;
  options.ir_version_raised = request.ir_version_raised;
  options.untouched_functions = result->counts.uncalled_functions;
  options.cancelled = request.cancelled;
  return CompareFiles(*request.original, *request.tagged, options, &result->findings);
}

using Check = absl::Status (*)(const ValidationRequest&, ValidationResult*);

constexpr Check kChecks[] = {
    JudgeTags,
    CompareWithOriginal,  // Needs to know what nothing calls, and that the file is well-formed.
};

}  // namespace

absl::StatusOr<ValidationResult> Validate(const ValidationRequest& request) {
  ValidationResult result;
  for (const Check check : kChecks) MX_RETURN_IF_ERROR(check(request, &result));
  return result;
}

}  // namespace modelexport
