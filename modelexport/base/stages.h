// A run as a sequence of named stages: each is announced and timed, and none begins once the run is
// cancelled.
//
//   Stages stages({request.cancelled, request.on_stage}, &report.stages);
//   MX_RETURN_IF_ERROR(stages.Run("index", [&] { return Index(&model); }));
#ifndef MODELEXPORT_BASE_STAGES_H_
#define MODELEXPORT_BASE_STAGES_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace modelexport {

struct StageTime {
  std::string name;
  double seconds = 0;
};

struct StageOptions {
  const std::atomic<bool>* cancelled = nullptr;     // Once true, the run ends with kCancelled.
  std::function<void(absl::string_view)> on_stage;  // Called when a stage begins; may be empty.
};

class Stages {
 public:
  // `times`, to which each stage that succeeds is added, must outlive the object; it may be null.
  explicit Stages(StageOptions options = {}, std::vector<StageTime>* times = nullptr);

  const std::atomic<bool>* cancelled() const { return options_.cancelled; }

  // Runs one stage. Returns its error, or kCancelled without running it.
  absl::Status Run(const char* name, absl::FunctionRef<absl::Status()> stage) const;

 private:
  const StageOptions options_;
  std::vector<StageTime>* const times_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_STAGES_H_
