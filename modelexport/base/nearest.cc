#include "modelexport/base/nearest.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

constexpr size_t kMaxSize = 256;

}  // namespace

size_t EditDistance(absl::string_view a, absl::string_view b, size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return limit + 1;
  std::vector<size_t> row(b.size() + 1), above(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row.swap(above);
    // Beyond this distance from the diagonal all are over the limit.
    const size_t first = i > limit ? i - limit : 1;
    const size_t last = std::min(b.size(), i + limit);
    row[first - 1] = first == 1 ? i : limit + 1;
    for (size_t j = first; j <= last; ++j) {
      const size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      const size_t removed = j < i + limit ? above[j] + 1 : limit + 1;
      row[j] = std::min({replaced, removed, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

void NearestNames::Offer(absl::string_view name, absl::string_view shown) {
  if (name.size() > kMaxSize || text_.size() > kMaxSize) return;
  if (shown.empty()) shown = name;
  const size_t limit =
      found_.size() < kCount ? std::max(name.size(), text_.size()) : found_.back().distance;
  const size_t distance = EditDistance(text_, name, limit);
  if (found_.size() == kCount && distance >= limit) return;
  const auto same = std::find_if(found_.begin(), found_.end(),
                                 [&](const Found& found) { return found.shown == shown; });
  if (same != found_.end()) {
    if (same->distance <= distance) return;
    found_.erase(same);
  }
  const auto place = std::find_if(found_.begin(), found_.end(),
                                  [&](const Found& found) { return found.distance > distance; });
  found_.insert(place, {distance, std::string(shown)});
  if (found_.size() > kCount) found_.pop_back();
}

std::vector<std::string> NearestNames::names() const {
  std::vector<std::string> names;
  for (const Found& found : found_) names.push_back(found.shown);
  return names;
}

std::string DidYouMean(absl::string_view word, absl::Span<const std::string> names) {
  const size_t limit = word.size() < 3 ? 1 : word.size() < 9 ? 2 : 3;
  NearestNames nearest(word);
  for (const std::string& name : names) {
    if (!word.empty() && absl::StartsWith(name, word))
      return absl::StrCat("; did you mean ", name, "?");
    if (EditDistance(word, name, limit) <= limit) nearest.Offer(name);
  }
  const std::vector<std::string> found = nearest.names();
  return found.empty() ? "" : absl::StrCat("; did you mean ", found[0], "?");
}

}  // namespace modelexport
