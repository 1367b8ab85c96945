// When each stage of a run began and how long it took, for --trace.
#ifndef MODELEXPORT_COMMANDS_STAGE_CLOCK_H_
#define MODELEXPORT_COMMANDS_STAGE_CLOCK_H_

#include <chrono>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/render/chrome_trace.h"

namespace modelexport {

// The run begins with the object. A stage ends when the next one begins, the last one, which may
// have failed, with Finish().
class StageClock {
 public:
  void Begin(absl::string_view stage);
  std::vector<Trace::Stage> Finish();

 private:
  using Clock = std::chrono::steady_clock;

  double Microseconds() const {
    const Clock::duration since = Clock::now() - begin_;
    return static_cast<double>(
        std::chrono::duration_cast<std::chrono::microseconds>(since).count());
  }
  void End();

  const Clock::time_point begin_ = Clock::now();
  std::vector<Trace::Stage> stages_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_STAGE_CLOCK_H_
