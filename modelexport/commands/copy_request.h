// What every command that writes an edited copy of a model is asked: where the copy goes, what must
// hold before it gets its name, and how its files are written.
#ifndef MODELEXPORT_COMMANDS_COPY_REQUEST_H_
#define MODELEXPORT_COMMANDS_COPY_REQUEST_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/files/external_data.h"
#include "modelexport/validation/model_checker.h"
#include "modelexport/validation/validator.h"

namespace modelexport {

// The defaults are those of the program; docs/cli.md says more about each. A plain value: requests
// may be copied, and one may be used by several calls.
struct CopyRequest {
  // Paths. `output` may be `model`.
  std::string model;
  std::string output;

  // Files that the caller writes besides, whatever comes of the call, such as a report. None of
  // them may be one of the model's data files: a usage error (Fault::kUsage) before anything is
  // written.
  std::vector<std::string> also_written;

  // What must hold, else there is no output.
  using Validation = ValidationLevel;
  Validation validation = Validation::kStandard;
  ModelChecker checker;  // Asked by kFull: CheckWithOnnx (validation/onnx_checker.h) or your own.
  bool allow_over_2gib = false;  // Write a file that protobuf's own parsers refuse.

  // What happens to data files if `output` is in another folder, and the data files that the model
  // must name, and no others, relative to its folder. Absent: any.
  ExternalDataMode external_data = ExternalDataMode::kCopy;
  absl::optional<std::vector<std::string>> declared_data;

  bool fsync = false;  // Wait until the output is on the disk, also where it replaces nothing.

  // Once true, the call soon ends with kCancelled, whose FaultOf() means nothing. Null: never.
  const std::atomic<bool>* cancelled = nullptr;

  // Called with each stage's name when it begins, on the calling thread. May be empty. What it
  // throws passes through the call, which then leaves nothing behind; so does what `checker`
  // throws.
  std::function<void(absl::string_view)> on_stage;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COPY_REQUEST_H_
