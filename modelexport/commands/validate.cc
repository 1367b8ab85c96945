#include "modelexport/commands/validate.h"

#include <memory>
#include <utility>

#include "absl/types/optional.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/tensor_elements.h"
#include "modelexport/ownership/read_hierarchy.h"

namespace modelexport {
absl::StatusOr<ValidationReport> ValidateFile(const ValidateFileRequest& request) {
  ValidationRequest checks;
  absl::optional<Hierarchy> hierarchy;
  if (!request.hierarchy.empty() && request.hierarchy != kEmbeddedHierarchy) {
    MX_ASSIGN_OR_RETURN(hierarchy, ReadHierarchyFile(request.hierarchy));
    checks.hierarchy = &*hierarchy;
  }
  std::unique_ptr<ByteSource> original;
  if (!request.original.empty()) {
    MX_ASSIGN_OR_RETURN(original, OpenFile(request.original));
    checks.original = original.get();
    checks.original_folder = FolderOf(request.original);
  }
  MX_ASSIGN_OR_RETURN(const auto model, OpenFile(request.model));
  checks.tagged = model.get();
  checks.tagged_folder = FolderOf(request.model);
  checks.level = request.level;
  checks.checker = request.checker;
  checks.ir_version_raised = request.ir_version_raised;
  checks.cancelled = request.cancelled;
  ValidationReport report{request.model, request.hierarchy, request.original, request.level, {}};
  MX_ASSIGN_OR_RETURN(report.result, Validate(checks));
  return report;
}

}  // namespace modelexport
