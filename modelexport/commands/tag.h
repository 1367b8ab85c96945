// The main job: tags one model by one hierarchy, from file to file.
#ifndef MODELEXPORT_COMMANDS_TAG_H_
#define MODELEXPORT_COMMANDS_TAG_H_

#include "absl/status/status.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/tag_options.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/report/report.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

struct TagFileRequest : TagOptions {
  Strategy strategy;                         // What evidence is used.
  PresetSet presets = PresetSet::Default();  // The keys that are written.
};

struct TagOutcome {
  // Its fault (base/fault.h) tells a model that was judged and fell short from an input or an
  // output that failed. After an error there is no output, and nothing at its place has changed.
  absl::Status status;
  Report report;  // Filled as far as the run got.
};

TagOutcome TagFile(const TagFileRequest& request);

// `modelexport tag` (docs/cli.md). Returns the exit code.
int TagCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_TAG_H_
