// Names the nodes of one tagged model by their modules, from file to file.
#ifndef MODELEXPORT_COMMANDS_RENAME_H_
#define MODELEXPORT_COMMANDS_RENAME_H_

#include "absl/status/status.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/report/rename_report.h"

namespace modelexport {

struct RenameRequest : CopyRequest {
  bool values = false;  // Values get names too (edits/rename_list.h).
  bool undo = false;    // Old names are given back, and nothing else is done.
};

struct RenameOutcome {
  // As that of TagFile(); kInvalidArgument also for a model without tags.
  absl::Status status;
  RenameReport report;  // Filled as far as the run got.
};

// The output depends on the names that the model had before any `rename` and on the request alone:
// renaming a second time changes nothing.
RenameOutcome Rename(const RenameRequest& request);

// `modelexport rename` (docs/commands/rename.md). Returns the exit code.
int RenameCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_RENAME_H_
