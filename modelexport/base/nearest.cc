#include "modelexport/base/nearest.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

constexpr size_t kMaxCompared = 128;

}  // namespace

size_t EditDistance(absl::string_view a, absl::string_view b) {
  // Row i has the distances between the first i bytes of `a` and each beginning of `b`.
  std::vector<size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

std::vector<std::string> Nearest(absl::string_view word, absl::Span<const std::string> names,
                                 size_t count, size_t most) {
  word = word.substr(0, kMaxCompared);
  std::vector<std::pair<size_t, const std::string*>> near;
  for (const std::string& name : names) {
    const bool begins = !word.empty() && absl::StartsWith(name, word);
    const absl::string_view compared = absl::string_view(name).substr(0, kMaxCompared);
    const size_t distance = begins ? 0 : EditDistance(word, compared);
    if (distance <= most) near.emplace_back(distance, &name);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (size_t i = 0; i < near.size() && i < count; ++i) nearest.push_back(*near[i].second);
  return nearest;
}

std::string DidYouMean(absl::string_view word, absl::Span<const std::string> names) {
  const auto nearest = Nearest(word, names, 1, word.size() < 5 ? 1 : word.size() < 9 ? 2 : 3);
  return nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest[0], "?");
}

}  // namespace modelexport
