// Whether any of many texts occurs within another one.
#ifndef MODELEXPORT_RENDER_SUBSTRINGS_H_
#define MODELEXPORT_RENDER_SUBSTRINGS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// The automaton of Aho and Corasick ("Efficient string matching", 1975). Made in time and memory
// proportional to the bytes of the texts.
class SubstringFinder {
 public:
  // Keeps no reference to `texts`, which are not empty.
  explicit SubstringFinder(absl::Span<const absl::string_view> texts);

  // Takes time in proportion to the bytes of `text`.
  bool IsAnyIn(absl::string_view text) const;

 private:
  uint32_t Add(uint32_t state, char byte);
  uint32_t Follow(uint32_t state, char byte) const;
  void LinkFailures();

  // What has been read that may be the beginning of a text; 0 is nothing.
  struct State {
    uint32_t parent = 0;
    char byte = 0;         // By which it follows from its parent.
    uint32_t failure = 0;  // The longest proper suffix of it that is a state too.
    bool ends = false;     // A text ends here.
  };
  std::vector<State> states_;  // Parents first.
  absl::flat_hash_map<std::pair<uint32_t, char>, uint32_t> next_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_SUBSTRINGS_H_
