#include "modelexport/profiles/kept_runs.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

constexpr size_t kFewRuns = 4;  // Of fewer, all are kept.

double KernelTime(const RecordedRun& run) {
  double sum = 0;
  for (const auto& time : run.times) sum += time.own;
  return sum;
}

// Of `sorted`, which is not empty.
double Median(const std::vector<double>& sorted) {
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Time outside of the kernels of the run, if that can be known.
absl::optional<double> Outside(const RecordedRun& run, double kernel_time) {
  if (!run.duration.has_value() || !run.on_one_thread) return absl::nullopt;
  return *run.duration - kernel_time;
}

class RunChooser {
 public:
  RunChooser(const RecordedRuns& recorded, size_t warmup, Profile* profile)
      : recorded_(recorded), profile_(*profile) {
    profile_.runs.seen = recorded.merged > 0 ? recorded.merged : recorded.runs.size();
    profile_.runs.warmup = recorded.runs.empty() ? 0 : std::min(warmup, recorded.runs.size() - 1);
    for (size_t i = profile_.runs.warmup; i < recorded.runs.size(); ++i) {
      times_.push_back(KernelTime(recorded.runs[i]));
    }
  }

  void Run() {
    profile_.runs.kept = 0;
    profile_.outside = 0;
    ChooseRange();
    for (size_t i = 0; i < times_.size(); ++i) {
      if (times_[i] >= least_ && times_[i] <= most_) {
        Keep(recorded_.runs[profile_.runs.warmup + i], times_[i]);
      }
    }
    if (recorded_.merged > 0) profile_.runs.kept = recorded_.merged;
    AddNotes();
  }

 private:
  void ChooseRange() {
    if (times_.empty()) return;
    std::vector<double> sorted = times_;
    std::sort(sorted.begin(), sorted.end());
    const size_t left_out = sorted.size() < kFewRuns ? 0 : sorted.size() / 4;  // On each side.
    least_ = sorted[left_out];
    most_ = sorted[sorted.size() - 1 - left_out];
    if (recorded_.merged > 0) return;
    profile_.runs.least = sorted.front();
    profile_.runs.median = Median(sorted);
    profile_.runs.most = sorted.back();
  }

  void Keep(const RecordedRun& run, double kernel_time) {
    ++profile_.runs.kept;
    for (const auto& time : run.times) {
      profile_.kernels[time.kernel].own += time.own;
      ++profile_.kernels[time.kernel].executions;
    }
    const absl::optional<double> outside = Outside(run, kernel_time);
    if (!outside.has_value()) {
      profile_.outside.reset();
    } else if (profile_.outside.has_value()) {
      *profile_.outside += *outside;
    }
  }

  void AddNotes() {
    if (recorded_.merged > 0) {
      profile_.notes.push_back(absl::StrCat(
          "runs overlap and share threads: none is left out, and time outside kernels is unknown"));
    }
    if (recorded_.partial > 0) {
      profile_.notes.push_back(
          absl::StrCat(recorded_.partial, " kernels of runs that are not complete are left out"));
    }
  }

  const RecordedRuns& recorded_;
  Profile& profile_;
  std::vector<double> times_;  // Of the runs after the warm-up.
  double least_ = 0, most_ = 0;
};

}  // namespace

void SumKeptRuns(const RecordedRuns& recorded, size_t warmup, Profile* profile) {
  RunChooser(recorded, warmup, profile).Run();
}

}  // namespace modelexport
