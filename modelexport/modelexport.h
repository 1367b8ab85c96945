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

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/base/fault.h"
#include "modelexport/commands/tag_options.h"
#include "modelexport/render/reports.h"
#include "modelexport/report/report.h"

namespace modelexport {

// Beside what follows a request has the paths `model`, `hierarchy` and `output`, `min_coverage` and
// the other members of TagOptions (commands/tag_options.h) and of what that consists of.
struct TagRequest : TagOptions {
  std::string strategy = "auto";                    // Or "name_scope", "usage", "trace", "fx".
  std::vector<std::string> keys = {"modelexport"};  // Presets of metadata keys (docs/tags.md).
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
