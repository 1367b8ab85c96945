// The modules of two hierarchies as one tree, aligned by path.
#ifndef MODELEXPORT_MODULES_ALIGNED_MODULES_H_
#define MODELEXPORT_MODULES_ALIGNED_MODULES_H_

#include <cstdint>
#include <vector>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The modules that have one path. Aliases do not count.
struct AlignedModule {
  ModuleId a, b;        // Invalid where that hierarchy has none.
  uint32_t parent = 0;  // A row; of the root its own.
  uint32_t depth = 0;   // 0 for the root.
};

struct AlignedModules {
  // The root first, and each row followed by those below it. Of one parent the modules of A come
  // first, in their order, then those of B alone.
  std::vector<AlignedModule> rows;
  std::vector<uint32_t> row_of_a, row_of_b;  // By module.
};

// Takes time in proportion to the modules.
AlignedModules AlignModules(const Hierarchy& a, const Hierarchy& b);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_ALIGNED_MODULES_H_
