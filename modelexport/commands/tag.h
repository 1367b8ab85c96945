// The main job: tags one model by one hierarchy, from file to file.
#ifndef MODELEXPORT_COMMANDS_TAG_H_
#define MODELEXPORT_COMMANDS_TAG_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/files/external_data.h"
#include "modelexport/files/output_file.h"
#include "modelexport/report/report.h"
#include "modelexport/validation/model_checker.h"

namespace modelexport {

struct TagFileRequest {
  // Paths. `output` may be `model`, `hierarchy` may be kEmbeddedHierarchy (read_hierarchy.h).
  std::string model;
  std::string hierarchy;
  std::string output;

  // What evidence is used and what is written.
  Strategy strategy;
  InjectionOptions injection;

  // What must hold, else there is no output.
  enum class Validation { kOff, kStandard, kFull };
  Validation validation = Validation::kStandard;
  ModelChecker checker;          // Asked by kFull (validation/onnx_checker.h).
  double min_coverage = 0;       // 0 to 1.
  bool force = false;            // Write even if the hierarchy seems to be another model's.
  bool allow_over_2gib = false;  // Write a file that protobuf's own parsers refuse.

  // How files are written.
  ExternalDataMode external_data = ExternalDataMode::kCopy;
  // The data files that the model must name, and no others, relative to its folder. Absent: any.
  absl::optional<std::vector<std::string>> declared_data;
  Sync sync = Sync::kWhenReplacing;
  const std::atomic<bool>* cancelled = nullptr;  // Once true, the run ends with kCancelled.

  // Called when a stage begins, with its name. May be empty.
  std::function<void(absl::string_view)> on_stage;
};

struct TagOutcome {
  // Its fault (base/fault.h) tells a model that was judged and fell short from an input or an
  // output that failed. After an error there is no output, and nothing at its place has changed.
  absl::Status status;
  Report report;  // Filled as far as the run got.
};

TagOutcome TagFile(const TagFileRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_TAG_H_
