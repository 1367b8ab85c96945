// What somebody may have meant who wrote a name that does not exist.
#ifndef MODELEXPORT_BASE_NEAREST_H_
#define MODELEXPORT_BASE_NEAREST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// The number of characters (bytes) to insert, remove, replace or swap with their neighbour until
// `a` is `b`: the optimal string alignment distance. Time is |a| times |b|.
size_t EditDistance(absl::string_view a, absl::string_view b);

// Those of `names` nearest to `word`, at most `count`, nearest first and equally near ones in the
// order of `names`. A name that begins with `word` is the nearest. Names at a distance of more than
// `most` are left out; of `word` and names the first 128 bytes are compared.
std::vector<std::string> Nearest(absl::string_view word, absl::Span<const std::string> names,
                                 size_t count, size_t most);

// "; did you mean NAME?" with the nearest name that a typing error explains, else "".
std::string DidYouMean(absl::string_view word, absl::Span<const std::string> names);

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_NEAREST_H_
