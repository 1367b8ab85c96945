// Names the nodes of one model by their modules, from file to file.
#ifndef MODELEXPORT_COMMANDS_RENAME_H_
#define MODELEXPORT_COMMANDS_RENAME_H_

#include <string>

#include "absl/status/status.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/report/rename_report.h"

namespace modelexport {

struct RenameRequest : CopyRequest {
  std::string hierarchy;  // The source of ReadOwned().
  bool values = false;    // Values get names too (edits/rename_list.h).
  bool undo = false;      // Old names are given back, and nothing else is done.
};

struct RenameOutcome {
  // As that of TagFile(). Also those of ReadOwned(), and kInvalidArgument for a model of which no
  // node has an owner, or that has names of an earlier run and owners that are not its tags.
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
