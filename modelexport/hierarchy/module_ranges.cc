#include "modelexport/hierarchy/module_ranges.h"

namespace modelexport {

ModuleRanges::ModuleRanges(const Hierarchy& hierarchy)
    : begin_(hierarchy.modules().size()), end_(hierarchy.modules().size(), 1) {
  const std::vector<Module>& modules = hierarchy.modules();
  // A parent precedes its children: from the back, each module knows how many are below it.
  for (size_t m = modules.size(); m-- > 1;) end_[modules[m].parent.index()] += end_[m];
  std::vector<uint32_t> next(modules.size(), 1);
  for (size_t m = 1; m < modules.size(); ++m) {
    const size_t parent = modules[m].parent.index();
    begin_[m] = begin_[parent] + next[parent];
    next[parent] += end_[m];
    end_[m] += begin_[m];
  }
}

}  // namespace modelexport
