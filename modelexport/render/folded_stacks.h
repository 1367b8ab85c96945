// Collapsed stacks, which speedscope.app and flamegraph.pl show as flame graphs.
#ifndef MODELEXPORT_RENDER_FOLDED_STACKS_H_
#define MODELEXPORT_RENDER_FOLDED_STACKS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace modelexport {

struct FoldedStack {
  std::vector<std::string> frames;  // The outermost first. At least one.
  int64_t value = 0;
};

// A line "a;b;c 12" for each stack of a value above 0. Semicolons in names become commas, spaces
// around them are removed, and control characters are escaped.
std::string RenderFolded(const std::vector<FoldedStack>& stacks);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_FOLDED_STACKS_H_
