// The best path through a table of scores. It has one position for each step, and mostly goes
// forward.
#ifndef MODELEXPORT_EVIDENCE_TRACE_BEST_PATH_H_
#define MODELEXPORT_EVIDENCE_TRACE_BEST_PATH_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace modelexport {

// The positions [begin, end) that a step may take. Never empty.
struct Band {
  uint32_t begin, end;
};

// Steps and positions count from 0. The total of a path is the sum of its scores, less what moving
// from position i to position j costs:
// - nothing if j == i, since several steps may share a position;
// - the skip costs of the positions between them if j > i;
// - kBack plus kBackPerSkip times the skip costs of [j, i) if j < i;
// and never more than kJump. Takes time and memory in proportion to the sum of the bands' widths.
class BestPath {
 public:
  static constexpr float kBack = 2;
  static constexpr float kBackPerSkip = 0.4f;
  static constexpr float kJump = 25;

  // Fills in the scores of a step for the positions of its band.
  using Scores = absl::FunctionRef<void(size_t step, Band band, float* scores)>;
  // Receives, for each position of a step's band, the total of the best path through it.
  using Visit = absl::FunctionRef<void(size_t step, Band band, const double* totals)>;

  // `skip_costs` are by position, and none is negative. `bands` are by step. Both must outlive the
  // object. Once `*cancelled` is true the functions below end soon; null: never.
  BestPath(absl::Span<const float> skip_costs, absl::Span<const Band> bands,
           const std::atomic<bool>* cancelled = nullptr);

  // The positions of the best path (if several are equally good, of the first), and its total. Once
  // cancelled, the path is unusable.
  std::vector<uint32_t> Find(Scores scores, double* total) const;

  // Visits the steps from the last to the first; once cancelled, not all of them.
  void VisitTotals(Scores scores, Visit visit) const;

 private:
  using Row = std::vector<double>;

  size_t width(size_t step) const { return bands_[step].end - bands_[step].begin; }
  double SkipBetween(size_t begin, size_t end) const { return skipped_[end] - skipped_[begin]; }
  void Start(Row* row) const;
  void Advance(size_t step, const Row& from, Row* to, uint32_t* origins) const;
  void Retreat(size_t step, const Row& from, Row* to) const;

  const absl::Span<const Band> bands_;
  const std::atomic<bool>* const cancelled_;
  std::vector<double> skipped_;  // By position: the costs of all positions before it.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_BEST_PATH_H_
