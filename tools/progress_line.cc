#include "tools/progress_line.h"

#include <unistd.h>

#include <chrono>
#include <iostream>

#include "absl/strings/str_format.h"

namespace modelexport::tools {
namespace {

// Wider than any text, narrower than any terminal.
constexpr int kWidth = 32;

}  // namespace

// Spaces instead of an escape sequence, which not every terminal knows.
std::string ProgressText(absl::string_view stage, int seconds) {
  return absl::StrFormat("\r%-*s", kWidth, absl::StrFormat("%s, %d s", stage, seconds));
}

std::string ProgressErased() { return absl::StrFormat("\r%*s\r", kWidth, ""); }

ProgressLine::ProgressLine() {
  if (isatty(STDERR_FILENO) == 1) thread_ = std::thread([this] { ShowUntilDone(); });
}

ProgressLine::~ProgressLine() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
  }
  done_or_time_.notify_one();
  thread_.join();
}

void ProgressLine::Begin(absl::string_view stage) {
  const std::lock_guard<std::mutex> lock(mutex_);
  stage_ = std::string(stage);
}

void ProgressLine::ShowUntilDone() {
  std::unique_lock<std::mutex> lock(mutex_);
  int seconds = 0;
  while (!done_or_time_.wait_for(lock, std::chrono::seconds(1), [this] { return done_; })) {
    std::cerr << ProgressText(stage_, ++seconds) << std::flush;
  }
  if (seconds > 0) std::cerr << ProgressErased() << std::flush;
}

}  // namespace modelexport::tools
