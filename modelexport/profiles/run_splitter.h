// Kernels told apart by the run that they were executed in.
#ifndef MODELEXPORT_PROFILES_RUN_SPLITTER_H_
#define MODELEXPORT_PROFILES_RUN_SPLITTER_H_

#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/optional.h"
#include "modelexport/profiles/kernel_table.h"
#include "modelexport/profiles/nesting.h"

namespace modelexport {

// One complete run. Times are microseconds.
struct RecordedRun {
  double begin = 0;
  absl::optional<double> duration;
  bool on_one_thread = true;  // That of the run. Else kernels ran beside each other.
  std::vector<KernelTime> times;
};

struct RecordedRuns {
  std::vector<RecordedRun> runs;  // In the order of their beginnings.
  size_t partial = 0;             // Executions of no complete run, which are in none of these.
  // Greater than 0 where that many runs overlapped and some kernels may be of several of them:
  // `runs` is then one that has all of their kernels.
  size_t merged = 0;
};

// Receives executions and runs in the order of their ends, as ONNX Runtime writes them; in another
// order, memory takes 32 bytes for each.
//
// A kernel is of the run of its own thread that encloses it. One of a thread that has no runs (of a
// pool) is of the only run at its time.
class RunSplitter {
 public:
  // `kernels` must outlive it.
  explicit RunSplitter(KernelTable* kernels) : kernels_(*kernels) {}

  void OnKernel(const Execution& execution) { pending_[execution.thread].push_back(execution); }
  void OnRun(double thread, double begin, double duration);

  // Takes time in proportion to all executions, times a logarithm. If there were kernels and no
  // complete run, they are one run without a duration.
  RecordedRuns Finish();

 private:
  using Executions = std::vector<Execution>;

  void Add(size_t run, Executions executions);
  void AssignLeft();
  void AssignByTime(Executions executions, const std::vector<size_t>& runs, bool of_pool);
  void MergeRuns();
  void TakeAllAsOne();

  KernelTable& kernels_;
  absl::flat_hash_map<double, Executions> pending_;  // By thread: what came since its last run.
  absl::flat_hash_map<double, Executions> left_;     // By thread: what is of no run so far.
  absl::flat_hash_map<double, std::vector<size_t>> runs_of_thread_;
  RecordedRuns recorded_;
  absl::flat_hash_map<double, Executions> shared_;  // By thread: what may be of several runs.
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_RUN_SPLITTER_H_
