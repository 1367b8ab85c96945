#include "modelexport/evidence/trace/aligner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "modelexport/base/cancellation.h"
#include "modelexport/base/group_by_row.h"
#include "modelexport/evidence/trace/bands.h"
#include "modelexport/evidence/trace/best_path.h"
#include "modelexport/evidence/trace/matrix_reshapes.h"
#include "modelexport/evidence/trace/operator_odds.h"
#include "modelexport/evidence/trace/order.h"

namespace modelexport {
namespace {

// Chosen on public models (docs/matching.md).
constexpr float kSameOp = 1;           // What a node reads is an image of the same operator,
constexpr float kReadsIt = 2;          // or of one that its operator reads,
constexpr float kThrough = 0.8f;       // or did through one that left no node,
constexpr float kThroughImage = 0.3f;  // or one that did.
constexpr float kLeastNear = 0.15f;
constexpr size_t kMaxNear = 48;
constexpr float kConsumers = 0.75f;    // The same for all that read the node, together,
constexpr size_t kMaxConsumers = 64;   // of which these are asked.
constexpr float kForbidden = -12;      // What forbids an operator is not certain to fit `ops`.
constexpr float kMissing = 3;          // An operator without image, though its tensors are read.
constexpr float kMayBeLeftOut = 0.1f;  // At most: the cost of skipping what returned what it read.
constexpr float kLeftOut = -4;    // Images of such an operator, if exporters write no such nodes.
constexpr float kHelps = 4;       // A Reshape of what takes matrices alone.
constexpr uint32_t kSettled = 8;  // Nodes that one with an anchor teaches as much as.
constexpr double kRival = 2;      // Totals this close make a node doubtful,
constexpr double kAlmost = 0.5;   // and these are no choice.

constexpr int kMaxRounds = 6;
constexpr int kRoundsToCompare = 3;  // Orders are compared after these.

// With more that read an operator, only those within the band are looked up.
constexpr size_t kLongRow = 64;

// An operator that another reads, and how much that counts.
struct Near {
  uint32_t op;
  float weight;
};

template <typename T>
std::vector<uint32_t> CountKinds(size_t size, size_t num_kinds, T kind) {
  std::vector<uint32_t> counts(num_kinds);
  for (size_t i = 0; i < size; ++i) ++counts[kind(i)];
  return counts;
}

// The search in one order.
class Search {
 public:
  Search(const SourceRun& source, const Image& image, const Clues& clues, Order order,
         const std::atomic<bool>* cancelled)
      : cancelled_(cancelled),
        source_(source),
        image_(image),
        clues_(clues),
        order_(std::move(order)),
        odds_(
            source.kinds(),
            CountKinds(source.size(), source.kinds().size(),
                       [&](size_t op) { return source.kind(op); }),
            image.types(),
            CountKinds(image.size(), image.types().size(), [&](size_t i) { return image.type(i); }),
            cancelled),
        matrix_reshapes_(source, image),
        kind_at_(source.size()),
        ahead_at_(source.size()) {
    for (size_t p = 0; p < kind_at_.size(); ++p) {
      kind_at_[p] = source.kind(order_.ops[p]);
      ahead_at_[p] = clues_.tensors_ahead().of_op(order_.ops[p]);
    }
    bands_ = PlaceBands(order_, clues_, GuideByClues(order_, clues_));
  }

  // One more round. Returns whether the alignment changed.
  bool Improve() {
    const std::vector<float> costs = SkipCosts();
    const std::vector<uint32_t> path =
        BestPath(costs, bands_, cancelled_)
            .Find([this](size_t step, Band band, float* row) { Score(step, band, row); }, &total_);
    if (path == path_ || IsCancelled(cancelled_)) return false;
    path_ = path;
    around_.clear();
    op_of_.resize(image_.size());
    for (size_t step = 0; step < path.size(); ++step) {
      op_of_[order_.images[step]] = order_.ops[path[step]];
    }
    Learn();
    if (BandsLeaveOut(order_)) {
      bands_ = PlaceBands(order_, clues_, std::vector<double>(path.begin(), path.end()));
    }
    return true;
  }

  // Another round, in which nothing is concluded from nodes that might as well belong elsewhere: a
  // few of them may support each other in the wrong place.
  bool ImproveDoubtful() {
    JudgeSteps();
    if (IsCancelled(cancelled_)) return false;
    const auto is_close = [](const Alignment::Rival& rival) {
      return rival.module.valid() && rival.behind <= kRival;
    };
    if (std::none_of(rivals_.begin(), rivals_.end(), is_close)) return false;
    doubtful_.resize(image_.size());
    std::transform(rivals_.begin(), rivals_.end(), doubtful_.begin(), is_close);
    Learn();
    const bool changed = Improve();
    doubtful_.clear();
    return changed;
  }

  double total() const { return total_; }

  Alignment Result() {
    Alignment alignment;
    alignment.total = total_;
    alignment.op = op_of_;
    if (around_.empty()) JudgeSteps();
    alignment.around = around_;
    alignment.rivals = rivals_;
    alignment.band = BandWidth(order_);
    return alignment;
  }

 private:
  // Finds around_ and rivals_ for path_.
  void JudgeSteps() {
    around_.resize(image_.size());
    rivals_.resize(image_.size());
    const std::vector<float> costs = SkipCosts();
    BestPath(costs, bands_, cancelled_)
        .VisitTotals([this](size_t step, Band band, float* row) { Score(step, band, row); },
                     [this](size_t step, Band band, const double* totals) {
                       const uint32_t image = order_.images[step];
                       around_[image] = Around(band, totals);
                       rivals_[image] = RivalOf(image, band, totals);
                     });
  }

  // The module around all whose totals are almost the best: around those with the lowest and the
  // highest number. Takes time in proportion to the band, and once to the depth of a module.
  ModuleId Around(Band band, const double* totals) const {
    const ModuleRanges& ranges = source_.module_ranges();
    const double best = *std::max_element(totals, totals + (band.end - band.begin));
    ModuleId first, last;
    for (uint32_t p = band.begin; p < band.end; ++p) {
      if (totals[p - band.begin] < best - kAlmost) continue;
      const ModuleId module = source_.call(order_.ops[p]).module;
      if (!first.valid() || ranges.number(module) < ranges.number(first)) first = module;
      if (!last.valid() || ranges.number(module) > ranges.number(last)) last = module;
    }
    return first.valid() ? source_.hierarchy().CommonAncestor(first, last) : first;
  }

  // The best of the other modules.
  Alignment::Rival RivalOf(uint32_t image, Band band, const double* totals) const {
    const ModuleId module = source_.call(op_of_[image]).module;
    const double best = *std::max_element(totals, totals + (band.end - band.begin));
    double next = -std::numeric_limits<double>::infinity();
    Alignment::Rival rival;
    for (uint32_t p = band.begin; p < band.end; ++p) {
      if (totals[p - band.begin] <= next) continue;
      const ModuleId other = source_.call(order_.ops[p]).module;
      if (other == module) continue;
      next = totals[p - band.begin];
      rival = {other, static_cast<float>(best - next)};
    }
    return rival;
  }

  // What reads an operator, or all of it that lies within the band.
  absl::Span<const Near> Behind(uint32_t op, Band band) const {
    const absl::Span<const Near> row = behind_[op];
    if (row.size() <= kLongRow) return row;
    const auto is_before = [this](const Near& near, uint32_t position) {
      return order_.position_of[near.op] < position;
    };
    const auto begin = std::lower_bound(row.begin(), row.end(), band.begin, is_before);
    const auto end = std::lower_bound(begin, row.end(), band.end, is_before);
    return row.subspan(begin - row.begin(), end - begin);
  }

  std::vector<float> SkipCosts() const {
    std::vector<float> costs(order_.ops.size());
    for (size_t p = 0; p < costs.size(); ++p) {
      costs[p] = odds_.skip_cost(kind_at_[p]);
      if (source_.returns_read(order_.ops[p])) costs[p] = std::min(costs[p], kMayBeLeftOut);
      if (clues_.has_tensors_read(order_.ops[p])) costs[p] += kMissing;
    }
    return costs;
  }

  void Score(size_t step, Band band, float* row) const {
    const uint32_t image = order_.images[step];
    const float base = clues_.base(image);
    const float* const odds = odds_.of_type(image_.type(image));
    for (uint32_t p = band.begin; p < band.end; ++p) row[p - band.begin] = base + odds[kind_at_[p]];
    if (!clues_.reads_tensors(image)) {
      // An operator that takes matrices alone, as Gemm, has a Reshape on each side.
      const bool is_reshape = image_.types()[image_.type(image)] == "Reshape";
      for (uint32_t p = band.begin; p < band.end; ++p) {
        const uint32_t op = order_.ops[p];
        if (!source_.reads_tensors(op) || (is_reshape && clues_.has_tensors_read(op))) continue;
        row[p - band.begin] += Clues::kReadsNoTensor;
      }
    }
    if (!is_left_out_.empty()) {
      for (uint32_t p = band.begin; p < band.end; ++p) {
        if (is_left_out_[order_.ops[p]]) row[p - band.begin] += kLeftOut;
      }
    }
    const auto add = [&](uint32_t op, float score) {
      const uint32_t p = order_.position_of[op];
      if (p >= band.begin && p < band.end) row[p - band.begin] += score;
    };
    for (const Clues::Weight& weight : clues_.weights(image)) add(weight.op, weight.weight);
    if (clues_.ForbidsAny(image)) {
      for (uint32_t p = band.begin; p < band.end; ++p) {
        if (clues_.Forbids(image, order_.ops[p])) row[p - band.begin] += kForbidden;
      }
    }
    const TensorsAhead::Set ahead = clues_.tensors_ahead().of_image(image);
    if (!clues_.has_anchor(image) && ahead != TensorsAhead::kAll) {
      for (uint32_t p = band.begin; p < band.end; ++p) {
        row[p - band.begin] += (ahead & ahead_at_[p]) == 0 ? kForbidden : 0;
      }
    }
    if (!op_of_.empty()) {
      AddNeighbours(image, band, add);
      const uint32_t helped = matrix_reshapes_.OpOf(image, op_of_);
      if (helped != MatrixReshapes::kNone) add(helped, kHelps);
    }
  }

  template <typename Add>
  void AddNeighbours(uint32_t image, Band band, Add add) const {
    for (uint32_t producer : image_.producers(image)) {
      if (IsDoubtful(producer)) continue;
      add(op_of_[producer], clues_.makes_result(producer) ? kForbidden : kSameOp);
      for (const Near& behind : Behind(op_of_[producer], band)) {
        add(behind.op, kReadsIt * behind.weight);
      }
    }
    absl::Span<const uint32_t> consumers = image_.consumers(image);
    const float weight = kConsumers / std::sqrt(std::max<float>(1, consumers.size()));
    for (uint32_t consumer : consumers.subspan(0, kMaxConsumers)) {
      if (IsDoubtful(consumer)) continue;
      add(op_of_[consumer], weight * kSameOp);
      for (const Near& before : before_[op_of_[consumer]]) {
        add(before.op, weight * kReadsIt * before.weight);
      }
    }
  }

  bool IsDoubtful(uint32_t image) const { return !doubtful_.empty() && doubtful_[image]; }

  // What each operator reads, at once or through others: these should have left no nodes.
  void LinkNear(const std::vector<bool>& has_image) {
    before_ = Rows<Near>();
    std::vector<std::pair<uint32_t, Near>> behind;
    std::vector<Near> row;
    for (uint32_t op = 0; op < source_.size(); ++op) {
      if (EndsEarly(cancelled_, op)) return;
      row.clear();
      AddReads(op, 1, &row);
      for (size_t i = 0; i < row.size(); ++i) {
        const float weight = row[i].weight * (has_image[row[i].op] ? kThroughImage : kThrough);
        if (weight >= kLeastNear) AddReads(row[i].op, weight, &row);
      }
      for (const Near& near : row) before_.Append(near);
      before_.EndRow();
    }
    for (uint32_t op : order_.ops) {
      for (const Near& near : before_[op]) behind.push_back({near.op, {op, near.weight}});
    }
    behind_ = GroupByRow(behind, source_.size());
  }

  void AddReads(uint32_t op, float weight, std::vector<Near>* row) const {
    for (uint32_t read : source_.reads(op)) {
      if (row->size() == kMaxNear) return;
      const auto found = std::find_if(row->begin(), row->end(),
                                      [read](const Near& near) { return near.op == read; });
      if (found == row->end()) row->push_back({read, weight});
    }
  }

  void Learn() {
    std::vector<uint32_t> counts(source_.kinds().size() * image_.types().size());
    std::vector<bool> has_image(source_.size());
    for (size_t i = 0; i < image_.size(); ++i) {
      has_image[op_of_[i]] = true;
      if (IsDoubtful(i)) continue;
      counts[image_.type(i) * source_.kinds().size() + source_.kind(op_of_[i])] +=
          clues_.has_anchor(i) ? kSettled : 1;
    }
    std::vector<uint32_t> with_image(source_.kinds().size());
    for (size_t op = 0; op < has_image.size(); ++op) with_image[source_.kind(op)] += has_image[op];
    odds_.Learn(counts, with_image);
    matrix_reshapes_.Learn(op_of_, odds_);
    LinkNear(has_image);
    FindLeftOut();
  }

  // What returned what it read, and has no node that exporters write for it, was left out: the
  // nodes that it has are of other operators.
  void FindLeftOut() {
    is_left_out_.clear();
    for (uint32_t op = 0; op < source_.size(); ++op) {
      if (!source_.returns_read(op)) continue;
      is_left_out_.resize(source_.size());
      is_left_out_[op] = true;
    }
    if (is_left_out_.empty()) return;
    for (size_t i = 0; i < image_.size(); ++i) {
      const uint32_t op = op_of_[i];
      if (odds_.Explains(source_.kind(op), image_.type(i))) is_left_out_[op] = false;
    }
  }

  const std::atomic<bool>* const cancelled_;
  const SourceRun& source_;
  const Image& image_;
  const Clues& clues_;
  const Order order_;
  OperatorOdds odds_;
  MatrixReshapes matrix_reshapes_;
  std::vector<uint32_t> kind_at_;            // By position.
  std::vector<TensorsAhead::Set> ahead_at_;  // By position.
  Rows<Near> before_, behind_;               // By operator; rows of behind_ are sorted by position.
  std::vector<Band> bands_;
  std::vector<uint32_t> path_;
  std::vector<uint32_t> op_of_;           // By image; empty before the first round.
  std::vector<bool> is_left_out_;         // By operator; empty if none is.
  std::vector<bool> doubtful_;            // By image.
  std::vector<ModuleId> around_;          // By image; empty if not known for path_.
  std::vector<Alignment::Rival> rivals_;  // The same.
  double total_ = 0;
};

// Returns whether the search goes on.
bool Rounds(int count, Search* search) {
  for (int i = 0; i < count; ++i) {
    if (!search->Improve()) return false;
  }
  return true;
}

Alignment Finish(bool goes_on, Search* search) {
  if (goes_on) Rounds(kMaxRounds - kRoundsToCompare, search);
  if (search->ImproveDoubtful()) Rounds(2, search);
  return search->Result();
}

Alignment BestOfBothOrders(const SourceRun& source, const Image& image, const Clues& clues,
                           const std::atomic<bool>* cancelled) {
  Order by_data = OrderByData(source, image);
  Search first(source, image, clues, OrderAsGiven(source, image), cancelled);
  const bool goes_on = Rounds(kRoundsToCompare, &first);
  if (IsCancelled(cancelled)) return {};
  if (std::is_sorted(by_data.images.begin(), by_data.images.end()) &&
      std::is_sorted(by_data.ops.begin(), by_data.ops.end())) {
    return Finish(goes_on, &first);
  }
  Search second(source, image, clues, std::move(by_data), cancelled);
  const bool second_goes_on = Rounds(kRoundsToCompare, &second);
  return first.total() >= second.total() ? Finish(goes_on, &first)
                                         : Finish(second_goes_on, &second);
}

}  // namespace

Alignment Align(const SourceRun& source, const Image& image, const Clues& clues,
                const std::atomic<bool>* cancelled) {
  if (source.size() == 0 || image.size() == 0) return {};
  Alignment alignment = BestOfBothOrders(source, image, clues, cancelled);
  return IsCancelled(cancelled) ? Alignment() : alignment;
}

}  // namespace modelexport
