// Models that anybody may have tagged. `validate` judges them by themselves, by a sidecar, and
// against what `strip` leaves of them, and `tag` takes them as the hierarchy of that.

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/commands/strip.h"
#include "modelexport/commands/tag.h"
#include "modelexport/commands/validate.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"
#include "tests/standard_request.h"

namespace modelexport::fuzz {
namespace {

// The number of errors, but for old names that `rename` would not have kept, which only a
// comparison finds; 0 where nothing could be judged.
uint64_t Errors(const std::string& model, const std::string& hierarchy,
                const std::string& original) {
  ValidateFileRequest request;
  request.model = model;
  request.hierarchy = hierarchy;
  request.original = original;
  request.level = ValidationLevel::kFull;
  const absl::StatusOr<ValidationReport> report = ValidateFile(request);
  TriedFiles::RequireNamed(report.status());
  if (!report.ok()) return 0;
  const Findings& findings = report->result.findings;
  return findings.errors() - findings.count("diff.names");
}

}  // namespace

void Try(const TriedFiles& files) {
  Errors(files.model(), files.hierarchy(), "");
  const bool right = Errors(files.model(), "", "") == 0;
  if (!files.Write(Strip, "in.onnx", "stripped.onnx", StripRequest()).ok()) return;
  const uint64_t errors = Errors(files.model(), "", TriedFiles::Path("stripped.onnx"));
  Require(errors == 0 || !right,
          "what is tagged right differs from what `strip` leaves in tags alone");
  const TagFileRequest request = testing::StandardRequest("", files.model(), "");
  files.Write(TagFile, "stripped.onnx", "carried.onnx", request).IgnoreError();
}

}  // namespace modelexport::fuzz
