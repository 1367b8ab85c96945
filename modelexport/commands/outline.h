// Calls of modules as calls of local functions.
#ifndef MODELEXPORT_COMMANDS_OUTLINE_H_
#define MODELEXPORT_COMMANDS_OUTLINE_H_

#include <string>

#include "absl/status/status.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/report/outline_report.h"

namespace modelexport {

struct OutlineRequest : CopyRequest {
  std::string hierarchy;  // The source of ReadOwned().
  std::string modules;    // A Pattern; "": the largest blocks that repeat.
  bool nested = false;    // Whether the modules below become functions, too.
};

struct OutlineOutcome {
  // OK, or an error whose FaultOf() says whose it is. Those of ReadOwned() and Pattern; nothing
  // that can be a function (Fault::kJudged).
  absl::Status status;
  OutlineReport report;  // Filled as far as the run got.
};

OutlineOutcome Outline(const OutlineRequest& request);

// `modelexport outline` (docs/commands/outline.md). Returns the exit code.
int OutlineCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_OUTLINE_H_
