#include "modelexport/evidence/trace/bands.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace modelexport {
namespace {

// Up to this many pairs of image and operator all are considered.
constexpr size_t kMaxPairs = 4 << 20;
constexpr uint32_t kLeastBand = 64;
constexpr uint32_t kFewOps = 32;

using StepAndPosition = std::pair<uint32_t, uint32_t>;

// The longest part of `pairs` whose positions do not fall.
std::vector<StepAndPosition> LongestChain(const std::vector<StepAndPosition>& pairs) {
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
  std::vector<StepAndPosition> chain(ends.size());
  size_t pair = ends.empty() ? 0 : ends.back();
  for (size_t i = chain.size(); i-- > 0; pair = before[pair]) chain[i] = pairs[pair];
  return chain;
}

// Where few operators are left, the others need no look.
Band NarrowToAllowed(const Order& order, std::pair<uint32_t, uint32_t> ops, Band band) {
  if (ops.second - ops.first >= kFewOps) return band;
  Band narrow{order.position_of[ops.first], order.position_of[ops.first] + 1};
  for (uint32_t op = ops.first; op <= ops.second; ++op) {
    narrow.begin = std::min(narrow.begin, order.position_of[op]);
    narrow.end = std::max(narrow.end, order.position_of[op] + 1);
  }
  return narrow.end - narrow.begin < band.end - band.begin ? narrow : band;
}

// From the first to the last operator that what is ahead of an image allows.
class AheadBands {
 public:
  AheadBands(const Order& order, const TensorsAhead& ahead) : order_(order), ahead_(ahead) {}

  // `band` if that is no wider.
  Band Narrow(TensorsAhead::Set set, Band band) {
    if (set == TensorsAhead::kAll) return band;
    if (known_.size() == kMaxSets && !known_.contains(set)) return band;
    const auto added = known_.emplace(set, Band{0, 0});
    Band& allowed = added.first->second;
    if (added.second) allowed = Find(set);
    return allowed.end - allowed.begin < band.end - band.begin ? allowed : band;
  }

 private:
  static constexpr size_t kMaxSets = 256;  // All operators are looked at for each.

  // All operators if none is allowed.
  Band Find(TensorsAhead::Set set) const {
    const auto allows = [&](uint32_t op) { return (ahead_.of_op(op) & set) != 0; };
    const auto first = std::find_if(order_.ops.begin(), order_.ops.end(), allows);
    const auto last = std::find_if(order_.ops.rbegin(), order_.ops.rend(), allows);
    if (first == order_.ops.end()) return {0, static_cast<uint32_t>(order_.ops.size())};
    return {static_cast<uint32_t>(first - order_.ops.begin()),
            static_cast<uint32_t>(order_.ops.rend() - last)};
  }

  const Order& order_;
  const TensorsAhead& ahead_;
  absl::flat_hash_map<TensorsAhead::Set, Band> known_;
};

}  // namespace

uint32_t BandWidth(const Order& order) {
  const size_t width = std::max<size_t>(kLeastBand, kMaxPairs / order.images.size());
  return static_cast<uint32_t>(std::min(order.ops.size(), width));
}

std::vector<double> GuideByClues(const Order& order, const Clues& clues) {
  std::vector<StepAndPosition> known;
  for (size_t step = 0; step < order.images.size(); ++step) {
    const uint32_t op = clues.only_op(order.images[step]);
    if (op != Clues::kNone) known.emplace_back(step, order.position_of[op]);
  }
  std::vector<StepAndPosition> chain = LongestChain(known);
  chain.emplace_back(order.images.size(), order.ops.size());
  std::vector<double> guide(order.images.size());
  StepAndPosition last{0, 0};
  for (const StepAndPosition& next : chain) {
    for (uint32_t step = last.first; step < next.first; ++step) {
      const double part = static_cast<double>(step - last.first) / (next.first - last.first);
      guide[step] = last.second + part * (next.second - last.second);
    }
    last = next;
  }
  return guide;
}

bool BandsLeaveOut(const Order& order) { return BandWidth(order) < order.ops.size(); }

std::vector<Band> PlaceBands(const Order& order, const Clues& clues,
                             absl::Span<const double> guide) {
  const uint32_t width = BandWidth(order);
  const uint32_t last_begin = static_cast<uint32_t>(order.ops.size()) - width;
  AheadBands ahead(order, clues.tensors_ahead());
  std::vector<Band> bands(guide.size());
  for (size_t step = 0; step < guide.size(); ++step) {
    const double begin = std::max(0.0, guide[step] - width / 2);
    const uint32_t first = std::min(static_cast<uint32_t>(begin), last_begin);
    const uint32_t image = order.images[step];
    bands[step] = NarrowToAllowed(order, clues.AllowedOps(image), {first, first + width});
    if (!clues.has_anchor(image)) {
      bands[step] = ahead.Narrow(clues.tensors_ahead().of_image(image), bands[step]);
    }
  }
  return bands;
}

}  // namespace modelexport
