#include "modelexport/evidence/tensors/content_sums.h"

#include <cmath>

namespace modelexport {
namespace {

// Sums of so many standard deviations are taken for chance: one in 10^9.
constexpr double kDeviations = 6;

// What sums in float64 lose, relative to the largest element or the norm.
constexpr double kSumming = 1e-12;

}  // namespace

void ContentSums::Add(const ContentSums& other) {
  min = std::min(min, other.min);
  max = std::max(max, other.max);
  sum += other.sum;
  squares += other.squares;
  count += other.count;
  largest_error = std::max(largest_error, other.largest_error);
  noise += other.noise;
}

double SlackOfMin(const ContentSums& sums) {
  // More than `at_ends` of stats whose max fits too.
  return 3 * sums.largest_error + 2 * kSumming * std::max(std::abs(sums.min), std::abs(sums.max));
}

Likeness Compare(const ContentSums& sums, const TensorStats& stats) {
  if (sums.count == 0 || !std::isfinite(sums.squares)) return Likeness::kNone;
  const double count = static_cast<double>(sums.count);
  const double slack = kSumming * std::max(std::abs(stats.min), std::abs(stats.max));
  // Twice: a rounded zero point moves what is clipped at the ends of the range.
  const double at_ends = 2 * sums.largest_error + slack;
  if (!(std::abs(sums.min - stats.min) <= at_ends)) return Likeness::kNone;
  if (!(std::abs(sums.max - stats.max) <= at_ends)) return Likeness::kNone;

  const double mean_off = std::abs(sums.sum / count - stats.mean);
  const double l2 = std::sqrt(sums.squares);
  if (!(mean_off <= sums.largest_error + slack)) return Likeness::kNone;
  if (!(std::abs(l2 - stats.l2) <= std::sqrt(count) * (sums.largest_error + slack))) {
    return Likeness::kNone;
  }

  // Independent errors add their squares to the sum of squares; the products with the elements have
  // no direction.
  const double clean_l2 = std::sqrt(std::max(0.0, sums.squares - sums.noise));
  const double l2_off = std::abs(clean_l2 - stats.l2);
  const double l2_spread =
      sums.largest_error / std::sqrt(3.0) + (l2 > 0 ? sums.noise / (std::sqrt(count) * l2) : 0);
  const bool likely = mean_off <= kDeviations * std::sqrt(sums.noise) / count + slack &&
                      l2_off <= kDeviations * l2_spread + kSumming * stats.l2;
  return likely ? Likeness::kLikely : Likeness::kPossible;
}

}  // namespace modelexport
