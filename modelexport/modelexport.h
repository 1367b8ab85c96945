// Tags a model, from file to file: the whole of modelexport as one call.
//
//   modelexport::TagRequest request;
//   request.model = "model.onnx";
//   request.hierarchy = "hierarchy.json";
//   request.output = "tagged.onnx";
//   const absl::StatusOr<modelexport::TagResult> result = modelexport::Tag(request);
//   if (!result.ok()) return result.status();
//   std::cout << modelexport::RenderSummary(result->report);
//
// The library prints nothing, never ends the program, installs no signal handlers and has no global
// state. docs/library.md has whole programs, and says what else can be used from outside.
#ifndef MODELEXPORT_MODELEXPORT_H_
#define MODELEXPORT_MODELEXPORT_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/base/fault.h"
#include "modelexport/files/external_data.h"
#include "modelexport/report/report.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/validation/model_checker.h"

namespace modelexport {

// The defaults are those of the program; docs/cli.md says more about each. A plain value: requests
// may be copied, and one may be used by several calls.
struct TagRequest {
  // Paths. `output` may be `model`, but replaces `hierarchy` if it is that. `hierarchy` may be
  // "embedded": what the model itself carries.
  std::string model;
  std::string hierarchy;
  std::string output;

  // What evidence is used, and what is written.
  std::string strategy = "auto";                    // Or "name_scope", "usage", "trace", "fx".
  std::vector<std::string> keys = {"modelexport"};  // Presets of metadata keys (docs/tags.md).
  NnModules nn_modules = NnModules::kHide;          // Whether torch.nn shows in class paths.
  bool replace_foreign = false;   // Write over keys of these presets that others wrote.
  bool embed_hierarchy = true;    // Write the modules into the model's metadata.
  bool raise_ir_version = false;  // To 10, the first whose nodes have metadata.

  // What must hold, else there is no output.
  enum class Validation { kOff, kStandard, kFull };
  Validation validation = Validation::kStandard;
  ModelChecker checker;  // Asked by kFull: CheckWithOnnx (validation/onnx_checker.h) or your own.
  double min_coverage = 0;       // The share of nodes with evidence, 0 to 1.
  bool force = false;            // Write even if the hierarchy seems to be another model's.
  bool allow_over_2gib = false;  // Write a file that protobuf's own parsers refuse.

  // What happens to data files where `output` is in another folder, and which the model must name,
  // relative to its folder. Absent: any.
  ExternalDataMode external_data = ExternalDataMode::kCopy;
  absl::optional<std::vector<std::string>> declared_data;

  bool fsync = false;  // Wait until the output is on the disk, also where it replaces nothing.

  // Once true, the call soon ends with kCancelled, whose FaultOf() means nothing. Null: never.
  const std::atomic<bool>* cancelled = nullptr;

  // Called with each stage's name when it begins, on the calling thread. May be empty. What it
  // throws passes through Tag(), which then leaves nothing behind; so does what `checker` throws.
  std::function<void(absl::string_view)> on_stage;
};

struct TagResult {
  Report report;  // What was done and found, with a coverage(); RenderJson() and others show it.
};

// After an error there is no output, and nothing at its place has changed; but where `fsync` was
// asked for and only that failed, the output is there. FaultOf() tells what was at fault: the
// request, an input, the output, or a model that was judged and fell short; then the message lists
// why, in the words of the program, whose flags are the request's members.
//
// Several calls may run at once, on any threads. Those with one `output` do not mix: it is what the
// last to end wrote. Those that copy the same data files into one folder share them; if the one
// that copied them then fails, it takes them away again. A call starts a second thread for a model
// of a MiB or more, and ends it.
absl::StatusOr<TagResult> Tag(const TagRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_MODELEXPORT_H_
