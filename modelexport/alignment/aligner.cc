#include "modelexport/alignment/aligner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "modelexport/alignment/best_path.h"
#include "modelexport/alignment/data_order.h"
#include "modelexport/alignment/group_by_row.h"
#include "modelexport/alignment/operator_odds.h"

namespace modelexport {
namespace {

// Chosen on tagbench's public models (docs/matching.md).
constexpr float kSameOp = 1;           // What a node reads is an image of the same operator,
constexpr float kReadsIt = 2;          // or of one that its operator reads,
constexpr float kThrough = 0.8f;       // or did through one that left no node,
constexpr float kThroughImage = 0.3f;  // or one that did.
constexpr float kLeastNear = 0.15f;
constexpr size_t kMaxNear = 48;
constexpr float kConsumers = 0.75f;   // The same for all that read the node, together,
constexpr size_t kMaxConsumers = 64;  // of which these are asked.
constexpr float kForbidden = -12;     // What forbids an operator is not certain to fit `ops`.
constexpr float kMissing = 3;         // An operator without image, though its tensors are read.
constexpr uint32_t kSettled = 8;      // Nodes that one with an anchor teaches as much as.
constexpr double kRival = 2;          // Totals this close make a node doubtful,
constexpr double kAlmost = 0.5;       // and these are no choice.

constexpr int kMaxRounds = 6;
constexpr int kRoundsToCompare = 3;  // Orders are compared after these.

// Up to this many pairs of image and operator all are considered; of more, a band.
constexpr size_t kMaxPairs = 4 << 20;
constexpr uint32_t kLeastBand = 64;
constexpr uint32_t kFewOps = 32;
constexpr size_t kLongRow = 64;  // What reads an operator is then looked up within the band.

// An operator that another reads, and how much that counts.
struct Near {
  uint32_t op;
  float weight;
};

// One order of both sides.
struct Order {
  std::vector<uint32_t> images;       // By step.
  std::vector<uint32_t> ops;          // By position.
  std::vector<uint32_t> position_of;  // By operator.
};

std::vector<uint32_t> Inverse(const std::vector<uint32_t>& order) {
  std::vector<uint32_t> inverse(order.size());
  for (size_t i = 0; i < order.size(); ++i) inverse[order[i]] = static_cast<uint32_t>(i);
  return inverse;
}

Order MakeOrder(std::vector<uint32_t> images, std::vector<uint32_t> ops) {
  Order order;
  order.position_of = Inverse(ops);
  order.images = std::move(images);
  order.ops = std::move(ops);
  return order;
}

Order AsGiven(const SourceRun& source, const Image& image) {
  std::vector<uint32_t> images(image.size()), ops(source.size());
  std::iota(images.begin(), images.end(), 0);
  std::iota(ops.begin(), ops.end(), 0);
  return MakeOrder(std::move(images), std::move(ops));
}

Order ByData(const SourceRun& source, const Image& image) {
  return MakeOrder(DataOrder(image.size(), [&](uint32_t i) { return image.producers(i); }),
                   DataOrder(source.size(), [&](uint32_t op) { return source.reads(op); }));
}

template <typename T>
std::vector<uint32_t> CountKinds(size_t size, size_t num_kinds, T kind) {
  std::vector<uint32_t> counts(num_kinds);
  for (size_t i = 0; i < size; ++i) ++counts[kind(i)];
  return counts;
}

// The search in one order.
class Search {
 public:
  Search(const SourceRun& source, const Image& image, const Clues& clues, Order order)
      : source_(source),
        image_(image),
        clues_(clues),
        order_(std::move(order)),
        odds_(source.kinds(),
              CountKinds(source.size(), source.kinds().size(),
                         [&](size_t op) { return source.kind(op); }),
              image.types(),
              CountKinds(image.size(), image.types().size(),
                         [&](size_t i) { return image.type(i); })),
        kind_at_(source.size()) {
    for (size_t p = 0; p < kind_at_.size(); ++p) kind_at_[p] = source.kind(order_.ops[p]);
    PlaceBands(GuideByClues());
  }

  // One more round. Returns whether the alignment changed.
  bool Improve() {
    const std::vector<float> costs = SkipCosts();
    const std::vector<uint32_t> path =
        BestPath(costs, bands_)
            .Find([this](size_t step, Band band, float* row) { Score(step, band, row); }, &total_);
    if (path == path_) return false;
    path_ = path;
    around_.clear();
    op_of_.resize(image_.size());
    for (size_t step = 0; step < path.size(); ++step) {
      op_of_[order_.images[step]] = order_.ops[path[step]];
    }
    Learn();
    if (banded_) PlaceBands(std::vector<double>(path.begin(), path.end()));
    return true;
  }

  // Another round, in which nothing is concluded from nodes that might as well belong elsewhere: a
  // few of them may support each other in the wrong place.
  bool ImproveDoubtful() {
    JudgeSteps();
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
    return alignment;
  }

 private:
  // Finds around_ and rivals_ for path_.
  void JudgeSteps() {
    around_.resize(image_.size());
    rivals_.resize(image_.size());
    const std::vector<float> costs = SkipCosts();
    BestPath(costs, bands_)
        .VisitTotals([this](size_t step, Band band, float* row) { Score(step, band, row); },
                     [this](size_t step, Band band, const double* totals) {
                       const uint32_t image = order_.images[step];
                       around_[image] = Around(band, totals);
                       rivals_[image] = RivalOf(image, band, totals);
                     });
  }

  // The module around all whose totals are almost the best.
  ModuleId Around(Band band, const double* totals) const {
    const Hierarchy& hierarchy = source_.hierarchy();
    const double best = *std::max_element(totals, totals + (band.end - band.begin));
    ModuleId around;
    for (uint32_t p = band.begin; p < band.end; ++p) {
      if (totals[p - band.begin] < best - kAlmost) continue;
      const ModuleId module = source_.call(order_.ops[p]).module;
      around = around.valid() ? hierarchy.CommonAncestor(around, module) : module;
    }
    return around;
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

  // Where each step is expected: between the images whose operator is known, as many of them as
  // follow each other on both sides.
  std::vector<double> GuideByClues() const {
    std::vector<std::pair<uint32_t, uint32_t>> known;  // Step and position.
    for (size_t step = 0; step < order_.images.size(); ++step) {
      const uint32_t op = clues_.only_op(order_.images[step]);
      if (op != Clues::kNone) known.emplace_back(step, order_.position_of[op]);
    }
    std::vector<std::pair<uint32_t, uint32_t>> chain = LongestChain(known);
    const uint32_t steps = static_cast<uint32_t>(order_.images.size());
    const uint32_t positions = static_cast<uint32_t>(order_.ops.size());
    chain.emplace_back(steps, positions);
    std::vector<double> guide(steps);
    std::pair<uint32_t, uint32_t> last{0, 0};
    for (const auto& next : chain) {
      for (uint32_t step = last.first; step < next.first; ++step) {
        const double part = static_cast<double>(step - last.first) / (next.first - last.first);
        guide[step] = last.second + part * (next.second - last.second);
      }
      last = next;
    }
    return guide;
  }

  // The longest part of `pairs` whose second members do not fall.
  static std::vector<std::pair<uint32_t, uint32_t>> LongestChain(
      const std::vector<std::pair<uint32_t, uint32_t>>& pairs) {
    std::vector<size_t> ends;  // ends[n]: the lowest pair that n others lie before.
    std::vector<size_t> before(pairs.size());
    for (size_t i = 0; i < pairs.size(); ++i) {
      const auto at = std::upper_bound(
          ends.begin(), ends.end(), pairs[i].second,
          [&](uint32_t position, size_t end) { return position < pairs[end].second; });
      if (at != ends.begin()) before[i] = *(at - 1);
      if (at == ends.end()) {
        ends.push_back(i);
      } else {
        *at = i;
      }
    }
    std::vector<std::pair<uint32_t, uint32_t>> chain(ends.size());
    size_t pair = ends.empty() ? 0 : ends.back();
    for (size_t i = chain.size(); i-- > 0; pair = before[pair]) chain[i] = pairs[pair];
    return chain;
  }

  void PlaceBands(const std::vector<double>& guide) {
    const uint32_t positions = static_cast<uint32_t>(order_.ops.size());
    const uint32_t width = static_cast<uint32_t>(
        std::min<size_t>(positions, std::max<size_t>(kLeastBand, kMaxPairs / guide.size())));
    banded_ = width < positions;
    bands_.resize(guide.size());
    for (size_t step = 0; step < guide.size(); ++step) {
      const double begin = std::max(0.0, guide[step] - width / 2);
      bands_[step].begin = std::min(static_cast<uint32_t>(begin), positions - width);
      bands_[step].end = bands_[step].begin + width;
      NarrowToAllowed(step);
    }
  }

  // Few operators left: the others need no look.
  void NarrowToAllowed(size_t step) {
    const std::pair<uint32_t, uint32_t> ops = clues_.AllowedOps(order_.images[step]);
    if (ops.second - ops.first >= kFewOps) return;
    Band band{order_.position_of[ops.first], order_.position_of[ops.first] + 1};
    for (uint32_t op = ops.first; op <= ops.second; ++op) {
      band.begin = std::min(band.begin, order_.position_of[op]);
      band.end = std::max(band.end, order_.position_of[op] + 1);
    }
    if (band.end - band.begin < bands_[step].end - bands_[step].begin) bands_[step] = band;
  }

  std::vector<float> SkipCosts() const {
    std::vector<float> costs(order_.ops.size());
    for (size_t p = 0; p < costs.size(); ++p) {
      costs[p] = odds_.skip_cost(kind_at_[p]);
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
      for (uint32_t p = band.begin; p < band.end; ++p) {
        if (source_.reads_tensors(order_.ops[p])) row[p - band.begin] += Clues::kReadsNoTensor;
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
    if (!op_of_.empty()) AddNeighbours(image, band, add);
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
    LinkNear(has_image);
  }

  const SourceRun& source_;
  const Image& image_;
  const Clues& clues_;
  const Order order_;
  OperatorOdds odds_;
  std::vector<uint32_t> kind_at_;  // By position.
  Rows<Near> before_, behind_;     // By operator; rows of behind_ are sorted by position.
  std::vector<Band> bands_;
  bool banded_ = false;
  std::vector<uint32_t> path_;
  std::vector<uint32_t> op_of_;           // By image; empty before the first round.
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

}  // namespace

Alignment Align(const SourceRun& source, const Image& image, const Clues& clues) {
  if (source.size() == 0 || image.size() == 0) return {};
  Order by_data = ByData(source, image);
  Search first(source, image, clues, AsGiven(source, image));
  const bool goes_on = Rounds(kRoundsToCompare, &first);
  if (std::is_sorted(by_data.images.begin(), by_data.images.end()) &&
      std::is_sorted(by_data.ops.begin(), by_data.ops.end())) {
    return Finish(goes_on, &first);
  }
  Search second(source, image, clues, std::move(by_data));
  const bool second_goes_on = Rounds(kRoundsToCompare, &second);
  return first.total() >= second.total() ? Finish(goes_on, &first)
                                         : Finish(second_goes_on, &second);
}

}  // namespace modelexport
