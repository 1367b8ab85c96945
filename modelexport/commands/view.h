// A model as a page: the tree of its modules, their graph, their figures.
#ifndef MODELEXPORT_COMMANDS_VIEW_H_
#define MODELEXPORT_COMMANDS_VIEW_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/commands/collect_view.h"
#include "modelexport/commands/command.h"

namespace modelexport {

struct ViewRequest {
  ViewSources sources;
  std::string output;            // A path; it may not be that of the model.
  absl::string_view empty_page;  // Of FillPage().
};

struct ViewOutcome {
  size_t nodes = 0, modules = 0;
};

// Writes the page, which appears whole or not at all. Errors are those of CollectView(),
// FillPage() and OutputFile.
absl::StatusOr<ViewOutcome> View(const ViewRequest& request);

// `modelexport view` (docs/commands/view.md). Returns the exit code.
int ViewCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_VIEW_H_
