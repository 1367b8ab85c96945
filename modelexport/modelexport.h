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

// A request also has the members of TagOptions (commands/tag_options.h) and of the bases of
// TagOptions: the paths `model`, `hierarchy` and `output`, `min_coverage` and others.
struct TagRequest : TagOptions {
  std::string strategy = "auto";                    // Or "name_scope", "usage", "trace", "fx".
  std::vector<std::string> keys = {"modelexport"};  // Presets of metadata keys (docs/tags.md).
};

struct TagResult {
  Report report;  // What was done and found, with a coverage(); RenderJson() and others show it.
};

// After an error there is no output, and an older file in its place is unchanged. There is one
// exception: if `fsync` was asked for and only that failed, the output is there. FaultOf() tells
// what caused the error: the request, an input, the output, or the model, which was checked and did
// not pass. The message then lists the reasons in the words of the program, whose flags have the
// names of the request's members.
//
// Several calls may run at once, on any threads. If several have the same `output`, the file is
// that of the call which ends last, never a mixture. Calls that copy the same data files into one
// folder share them; if the call that copied them fails afterwards, it removes them again. For a
// model of a MiB or more, a call starts a second thread, and ends it before it returns.
absl::StatusOr<TagResult> Tag(const TagRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_MODELEXPORT_H_
