#include "modelexport/profiles/run_splitter.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace modelexport {
namespace {

// The whole microseconds of a begin and a duration may lose that much of an end.
constexpr double kRounding = 2;

void Append(std::vector<Execution>* to, const std::vector<Execution>& from) {
  to->insert(to->end(), from.begin(), from.end());
}

}  // namespace

void RunSplitter::OnRun(double thread, double begin, double duration) {
  runs_of_thread_[thread].push_back(recorded_.runs.size());
  RecordedRun& run = recorded_.runs.emplace_back();  // So far without kernels.
  run.begin = begin;
  run.duration = duration;
  Executions& pending = pending_[thread];
  const auto is_outside = [&](const Execution& execution) {
    return execution.begin < begin || execution.begin >= begin + duration + kRounding;
  };
  const auto within = std::stable_partition(pending.begin(), pending.end(), is_outside);
  Add(recorded_.runs.size() - 1, Executions(within, pending.end()));
  pending.erase(within, pending.end());
  if (!pending.empty()) Append(&left_[thread], pending);
  pending.clear();
}

void RunSplitter::Add(size_t run, Executions executions) {
  Nest(std::move(executions), &kernels_, &recorded_.runs[run].times);
}

RecordedRuns RunSplitter::Finish() {
  for (auto& [thread, executions] : pending_) {
    if (!executions.empty()) Append(&left_[thread], executions);
  }
  pending_.clear();
  if (recorded_.runs.empty()) {
    TakeAllAsOne();
    return std::move(recorded_);
  }
  AssignLeft();
  if (!shared_.empty()) MergeRuns();
  std::stable_sort(recorded_.runs.begin(), recorded_.runs.end(),
                   [](const RecordedRun& a, const RecordedRun& b) { return a.begin < b.begin; });
  return std::move(recorded_);
}

void RunSplitter::AssignLeft() {
  std::vector<size_t> all(recorded_.runs.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  // Threads in their order, so that the same profile gives the same kernels in the same order.
  std::map<double, Executions> left(std::make_move_iterator(left_.begin()),
                                    std::make_move_iterator(left_.end()));
  for (auto& [thread, executions] : left) {
    const auto own = runs_of_thread_.find(thread);
    const bool of_pool = own == runs_of_thread_.end();
    AssignByTime(std::move(executions), of_pool ? all : own->second, of_pool);
  }
}

void RunSplitter::AssignByTime(Executions executions, const std::vector<size_t>& runs,
                               bool of_pool) {
  std::vector<size_t> starting = runs;
  const auto begins_later = [this](size_t a, size_t b) {
    return recorded_.runs[a].begin > recorded_.runs[b].begin;
  };
  std::stable_sort(starting.begin(), starting.end(), begins_later);  // The next one is at the back.
  // By begin; those of equal begin in the order of their ends.
  std::stable_sort(executions.begin(), executions.end(),
                   [](const Execution& a, const Execution& b) { return a.begin < b.begin; });
  std::multimap<double, size_t> open;  // Runs by their end.
  std::map<size_t, Executions> of_run;
  for (const Execution& execution : executions) {
    for (; !starting.empty() && recorded_.runs[starting.back()].begin <= execution.begin;
         starting.pop_back()) {
      const RecordedRun& run = recorded_.runs[starting.back()];
      open.emplace(run.begin + *run.duration, starting.back());
    }
    while (!open.empty() && open.begin()->first + kRounding <= execution.begin) {
      open.erase(open.begin());
    }
    const auto surely_open = open.upper_bound(execution.begin);
    if (open.empty()) {
      ++recorded_.partial;
    } else if (surely_open == open.end() || std::next(surely_open) == open.end()) {
      of_run[std::prev(open.end())->second].push_back(execution);
    } else {
      shared_[execution.thread].push_back(execution);
    }
  }
  for (auto& [run, of_it] : of_run) {
    if (of_pool) recorded_.runs[run].on_one_thread = false;
    // Nest() wants the order of ends.
    std::stable_sort(of_it.begin(), of_it.end(),
                     [](const Execution& a, const Execution& b) { return a.end() < b.end(); });
    Add(run, std::move(of_it));
  }
}

void RunSplitter::MergeRuns() {
  RecordedRun all;
  all.on_one_thread = false;
  for (const RecordedRun& run : recorded_.runs) {
    all.times.insert(all.times.end(), run.times.begin(), run.times.end());
  }
  const std::map<double, Executions> shared(shared_.begin(), shared_.end());
  for (const auto& thread : shared) Nest(thread.second, &kernels_, &all.times);
  recorded_.merged = recorded_.runs.size();
  recorded_.runs.clear();
  recorded_.runs.push_back(std::move(all));
}

void RunSplitter::TakeAllAsOne() {
  if (left_.empty()) return;
  RecordedRun all;
  all.on_one_thread = left_.size() == 1;
  const std::map<double, Executions> left(left_.begin(), left_.end());
  for (const auto& thread : left) Nest(thread.second, &kernels_, &all.times);
  recorded_.runs.push_back(std::move(all));
}

}  // namespace modelexport
