#include "modelexport/commands/stage_clock.h"

#include <string>
#include <utility>

namespace modelexport {

void StageClock::Begin(absl::string_view stage) {
  End();
  stages_.push_back({std::string(stage), Microseconds(), 0});
}

std::vector<Trace::Stage> StageClock::Finish() {
  End();
  return std::move(stages_);
}

void StageClock::End() {
  if (!stages_.empty()) stages_.back().duration = Microseconds() - stages_.back().begin;
}

}  // namespace modelexport
