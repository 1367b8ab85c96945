// A run as a list of stages: each leaves its result for the later ones in an object.
#ifndef MODELEXPORT_COMMANDS_STAGES_H_
#define MODELEXPORT_COMMANDS_STAGES_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/report/report.h"

namespace modelexport {

template <typename Run>
struct Stage {
  const char* name;
  absl::Status (Run::*run)();
};

struct StageOptions {
  const std::atomic<bool>* cancelled = nullptr;     // Once true, the run ends with kCancelled.
  std::function<void(absl::string_view)> on_stage;  // Called when one begins; may be empty.
};

// Runs `stages` on `run` in order, up to the first error, and adds how long each took to `times`.
template <typename Run, size_t n>
absl::Status RunStages(const Stage<Run> (&stages)[n], const StageOptions& options, Run* run,
                       std::vector<Report::Stage>* times) {
  for (const Stage<Run>& stage : stages) {
    if (options.cancelled != nullptr && *options.cancelled) {
      return absl::CancelledError("cancelled");
    }
    if (options.on_stage) options.on_stage(stage.name);
    const auto begin = std::chrono::steady_clock::now();
    MX_RETURN_IF_ERROR((run->*stage.run)());
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    times->push_back({stage.name, time.count()});
  }
  return absl::OkStatus();
}

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_STAGES_H_
