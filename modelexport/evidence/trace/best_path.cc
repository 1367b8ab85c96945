#include "modelexport/evidence/trace/best_path.h"

#include <algorithm>
#include <limits>

#include "modelexport/base/cancellation.h"

namespace modelexport {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

// The greatest of what it has seen.
struct Best {
  double value = kNever;
  uint32_t position = 0;

  void See(double other, uint32_t at) {
    if (other > value) *this = {other, at};
  }
};

}  // namespace

BestPath::BestPath(absl::Span<const float> skip_costs, absl::Span<const Band> bands,
                   const std::atomic<bool>* cancelled)
    : bands_(bands), cancelled_(cancelled), skipped_(skip_costs.size() + 1) {
  for (size_t i = 0; i < skip_costs.size(); ++i) skipped_[i + 1] = skipped_[i] + skip_costs[i];
}

// A path may begin anywhere: what lies before is skipped.
void BestPath::Start(Row* row) const {
  row->resize(width(0));
  for (size_t i = 0; i < row->size(); ++i) (*row)[i] = -SkipBetween(0, bands_[0].begin + i);
}

// From the totals at `step - 1` to those before the scores of `step`.
void BestPath::Advance(size_t step, const Row& from, Row* to, uint32_t* origins) const {
  const Band last = bands_[step - 1];
  const Band band = bands_[step];
  const auto at = [&](uint32_t position) { return from[position - last.begin]; };
  to->resize(width(step));
  Best any;
  for (uint32_t i = last.begin; i < last.end; ++i) any.See(at(i), i);
  Best ahead;  // Of what skips forward, costs counted from position 0.
  uint32_t next = last.begin;
  for (uint32_t j = band.begin; j < band.end; ++j) {
    for (; next < last.end && next < j; ++next) ahead.See(at(next) + skipped_[next + 1], next);
    Best best{any.value - kJump, any.position};
    best.See(ahead.value - skipped_[j], ahead.position);
    if (j >= last.begin && j < last.end) best.See(at(j), j);
    (*to)[j - band.begin] = best.value;
    origins[j - band.begin] = best.position;
  }
  Best back;
  next = last.end;
  for (uint32_t j = band.end; j-- > band.begin;) {
    for (; next > last.begin && next > j + 1; --next) {
      back.See(at(next - 1) - kBackPerSkip * skipped_[next - 1], next - 1);
    }
    const double value = back.value - kBack + kBackPerSkip * skipped_[j];
    if (value <= (*to)[j - band.begin]) continue;
    (*to)[j - band.begin] = value;
    origins[j - band.begin] = back.position;
  }
}

std::vector<uint32_t> BestPath::Find(Scores scores, double* total) const {
  std::vector<uint32_t> path(bands_.size());
  *total = 0;
  if (path.empty()) return path;
  std::vector<size_t> begins(bands_.size() + 1);
  for (size_t step = 0; step < bands_.size(); ++step) begins[step + 1] = begins[step] + width(step);
  std::vector<uint32_t> origins(begins.back());
  std::vector<float> step_scores;
  Row row, last;
  for (size_t step = 0; step < bands_.size(); ++step) {
    if (IsCancelled(cancelled_)) return path;
    step == 0 ? Start(&row) : Advance(step, last, &row, &origins[begins[step]]);
    step_scores.resize(row.size());
    scores(step, bands_[step], step_scores.data());
    for (size_t i = 0; i < row.size(); ++i) row[i] += step_scores[i];
    row.swap(last);
  }
  const auto best = std::max_element(last.begin(), last.end());
  *total = *best;
  path.back() = bands_.back().begin + (best - last.begin());
  for (size_t step = bands_.size(); step-- > 1;) {
    path[step - 1] = origins[begins[step] + path[step] - bands_[step].begin];
  }
  return path;
}

// From the totals behind `step + 1`, its scores included, to those behind `step`.
void BestPath::Retreat(size_t step, const Row& from, Row* to) const {
  const Band next = bands_[step + 1];
  const Band band = bands_[step];
  const auto at = [&](uint32_t position) { return from[position - next.begin]; };
  to->resize(width(step));
  const double any = *std::max_element(from.begin(), from.end());
  double back = kNever;
  uint32_t seen = next.begin;
  for (uint32_t i = band.begin; i < band.end; ++i) {
    for (; seen < next.end && seen < i; ++seen) {
      back = std::max(back, at(seen) + kBackPerSkip * skipped_[seen]);
    }
    double best = std::max(any - kJump, back - kBack - kBackPerSkip * skipped_[i]);
    if (i >= next.begin && i < next.end) best = std::max(best, at(i));
    (*to)[i - band.begin] = best;
  }
  double ahead = kNever;
  seen = next.end;
  for (uint32_t i = band.end; i-- > band.begin;) {
    for (; seen > next.begin && seen > i + 1; --seen) {
      ahead = std::max(ahead, at(seen - 1) - skipped_[seen - 1]);
    }
    double& best = (*to)[i - band.begin];
    best = std::max(best, ahead + skipped_[i + 1]);
  }
}

void BestPath::VisitTotals(Scores scores, Visit visit) const {
  const size_t steps = bands_.size();
  std::vector<Row> before(steps);
  std::vector<uint32_t> origins;
  std::vector<float> step_scores;
  for (size_t step = 0; step < steps; ++step) {
    if (IsCancelled(cancelled_)) return;
    origins.resize(width(step));
    step == 0 ? Start(&before[0]) : Advance(step, before[step - 1], &before[step], origins.data());
    step_scores.resize(width(step));
    scores(step, bands_[step], step_scores.data());
    for (size_t i = 0; i < before[step].size(); ++i) before[step][i] += step_scores[i];
  }
  Row behind, last;
  for (size_t step = steps; step-- > 0;) {
    if (IsCancelled(cancelled_)) return;
    if (step + 1 == steps) {
      behind.assign(width(step), 0);
    } else {
      Retreat(step, last, &behind);
    }
    Row totals = before[step];
    for (size_t i = 0; i < totals.size(); ++i) totals[i] += behind[i];
    visit(step, bands_[step], totals.data());
    step_scores.resize(width(step));
    scores(step, bands_[step], step_scores.data());
    last = std::move(behind);
    for (size_t i = 0; i < last.size(); ++i) last[i] += step_scores[i];
    behind.clear();
  }
}

}  // namespace modelexport
