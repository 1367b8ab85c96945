// The main job: tags one model by one hierarchy, from file to file.
#ifndef MODELEXPORT_COMMANDS_TAG_H_
#define MODELEXPORT_COMMANDS_TAG_H_

#include <string>

#include "absl/status/status.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/report/report.h"

namespace modelexport {

struct TagFileRequest : CopyRequest {
  std::string hierarchy;  // A path, or kEmbeddedHierarchy (ownership/read_hierarchy.h).

  // What evidence is used and what is written.
  Strategy strategy;
  InjectionOptions injection;

  // What must hold too, else there is no output.
  double min_coverage = 0;  // The share of nodes with evidence, 0 to 1.
  bool force = false;       // Write even if the hierarchy seems to be another model's.
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
