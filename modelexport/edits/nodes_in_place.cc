#include "modelexport/edits/nodes_in_place.h"

#include <algorithm>
#include <map>

namespace modelexport {
namespace {

constexpr uint32_t kNone = 0xFFFFFFFF;

struct Chain {
  uint64_t size;  // Of the parts of the chain.
  uint32_t last;  // Part.
};

}  // namespace

// For each place at which a chain may end, `best` has the largest chain that ends there or before;
// only those that are larger than all that end before are kept.
std::vector<bool> ChooseInPlace(absl::Span<const PlacedPart> parts) {
  std::map<uint64_t, Chain> best;
  std::vector<uint32_t> before(parts.size(), kNone);
  for (uint32_t p = 0; p < parts.size(); ++p) {
    Chain chain = {parts[p].size, p};
    auto next = best.upper_bound(parts[p].place);
    if (next != best.begin()) {
      const Chain& shorter = std::prev(next)->second;
      chain.size += shorter.size;
      before[p] = shorter.last;
    }
    while (next != best.end() && next->second.size <= chain.size) next = best.erase(next);
    best.emplace_hint(next, parts[p].place, chain);
  }
  std::vector<bool> stays(parts.size());
  if (best.empty()) return stays;
  for (uint32_t p = std::prev(best.end())->second.last; p != kNone; p = before[p]) stays[p] = true;
  return stays;
}

}  // namespace modelexport
