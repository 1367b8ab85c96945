// A model as a page: the tree of its modules, their graph, their figures.
#ifndef MODELEXPORT_COMMANDS_VIEW_H_
#define MODELEXPORT_COMMANDS_VIEW_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/commands/command.h"
#include "modelexport/graph/type_inference.h"

namespace modelexport {

struct ViewRequest {
  std::string model;             // A path.
  std::string hierarchy;         // The source of ReadOwned().
  std::string output;            // A path; it may not be that of the model.
  absl::string_view empty_page;  // Of FillPage().
  TypeInference inference;       // For values that the model declares no type of; may be empty.
  const std::atomic<bool>* cancelled = nullptr;
};

struct ViewOutcome {
  size_t nodes = 0, modules = 0;
};

// Writes the page, which appears whole or not at all. Errors are those of ReadOwned(),
// ReadViewData(), FillPage() and OutputFile.
absl::StatusOr<ViewOutcome> View(const ViewRequest& request);

// `modelexport view` (docs/commands/view.md). Returns the exit code.
int ViewCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_VIEW_H_
