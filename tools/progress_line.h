// A line on the terminal that says what a long run is doing.
#ifndef MODELEXPORT_TOOLS_PROGRESS_LINE_H_
#define MODELEXPORT_TOOLS_PROGRESS_LINE_H_

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"

namespace modelexport::tools {

// What shows `stage`, `seconds` after the run began, over the line before it; and what leaves the
// line empty.
std::string ProgressText(absl::string_view stage, int seconds);
std::string ProgressErased();

// On standard error, from a second after it was made until it is destroyed. Shows nothing unless
// standard error is a terminal.
class ProgressLine {
 public:
  ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void Begin(absl::string_view stage);

 private:
  void ShowUntilDone();

  std::mutex mutex_;
  std::condition_variable done_or_time_;
  bool done_ = false;
  std::string stage_;
  std::thread thread_;  // Not joinable where nothing is shown.
};

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_PROGRESS_LINE_H_
