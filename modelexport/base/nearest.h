// What somebody may have meant who mistyped a name.
#ifndef MODELEXPORT_BASE_NEAREST_H_
#define MODELEXPORT_BASE_NEAREST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// The fewest bytes that must be inserted, removed or replaced to turn one text into the other; if
// that is more than `limit`, any number above it. Takes time in proportion to the shorter text
// times the limit.
size_t EditDistance(absl::string_view a, absl::string_view b, size_t limit);

// Collects the names nearest to a text, each once: by edit distance, among equals the first
// offered. Names of more than 256 bytes are not looked at.
class NearestNames {
 public:
  static constexpr size_t kCount = 3;

  explicit NearestNames(absl::string_view text) : text_(text) {}

  // `shown` is what `name` is to be called in the answer; empty: as it is.
  void Offer(absl::string_view name, absl::string_view shown = "");

  std::vector<std::string> names() const;

 private:
  struct Found {
    size_t distance;
    std::string shown;
  };

  absl::string_view text_;
  std::vector<Found> found_;  // Nearest first.
};

// "; did you mean NAME?" with the name that `word` begins, else with the nearest one that a typing
// error explains; "" if there is none.
std::string DidYouMean(absl::string_view word, absl::Span<const std::string> names);

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_NEAREST_H_
