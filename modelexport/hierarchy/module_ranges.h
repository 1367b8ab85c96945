// Compares many modules by path at a cost that does not depend on how deep they are.
#ifndef MODELEXPORT_HIERARCHY_MODULE_RANGES_H_
#define MODELEXPORT_HIERARCHY_MODULE_RANGES_H_

#include <cstdint>
#include <vector>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Numbers modules from 0 such that a module and all below it have adjacent numbers, of which the
// module's own is the lowest.
class ModuleRanges {
 public:
  // Takes time in proportion to the modules. Keeps no reference to `hierarchy`.
  explicit ModuleRanges(const Hierarchy& hierarchy);

  uint32_t number(ModuleId id) const { return begin_[id.index()]; }

  // The same as Hierarchy::IsAncestorOrSelf(), in constant time.
  bool IsAncestorOrSelf(ModuleId ancestor, ModuleId id) const {
    return number(ancestor) <= number(id) && number(id) < end_[ancestor.index()];
  }

 private:
  std::vector<uint32_t> begin_, end_;  // By module.
};

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_MODULE_RANGES_H_
