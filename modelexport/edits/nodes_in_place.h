// Which parts of a file can stay where they are when their order changes.
#ifndef MODELEXPORT_EDITS_NODES_IN_PLACE_H_
#define MODELEXPORT_EDITS_NODES_IN_PLACE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace modelexport {

struct PlacedPart {
  uint64_t place = 0;  // In the file; of no two parts the same.
  uint64_t size = 0;
};

// `parts` in their new order. By part: whether it stays. Those that stay are in the order of the
// file, and together as large as can be. Takes time in proportion to the parts, times a logarithm.
std::vector<bool> ChooseInPlace(absl::Span<const PlacedPart> parts);

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_NODES_IN_PLACE_H_
