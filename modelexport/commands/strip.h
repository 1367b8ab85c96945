// Takes our tags out of one model, from file to file.
#ifndef MODELEXPORT_COMMANDS_STRIP_H_
#define MODELEXPORT_COMMANDS_STRIP_H_

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/report/strip_report.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

struct StripRequest : CopyRequest {
  // Presets whose keys go, whoever wrote them. Absent: what is ours (edits/strip_list.h).
  absl::optional<PresetSet> presets;
};

struct StripOutcome {
  // As that of TagFile().
  absl::Status status;
  StripReport report;  // Filled as far as the run got.
};

// A model that has none of the keys is copied as it is.
StripOutcome Strip(const StripRequest& request);

// `modelexport strip` (docs/cli.md). Returns the exit code.
int StripCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_STRIP_H_
