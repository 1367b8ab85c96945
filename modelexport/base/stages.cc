#include "modelexport/base/stages.h"

#include <chrono>
#include <utility>

#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {

Stages::Stages(StageOptions options, std::vector<StageTime>* times)
    : options_(std::move(options)), times_(times) {}

absl::Status Stages::Run(const char* name, absl::FunctionRef<absl::Status()> stage) const {
  MX_RETURN_IF_ERROR(CheckCancelled(options_.cancelled));
  if (options_.on_stage) options_.on_stage(name);
  const auto begin = std::chrono::steady_clock::now();
  MX_RETURN_IF_ERROR(stage());
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  if (times_ != nullptr) times_->push_back({name, time.count()});
  return absl::OkStatus();
}

}  // namespace modelexport
