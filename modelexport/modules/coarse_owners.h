// Owners no deeper than some level of the tree of modules.
#ifndef MODELEXPORT_MODULES_COARSE_OWNERS_H_
#define MODELEXPORT_MODULES_COARSE_OWNERS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// `owners` with each module that is more than `depth` levels below the root replaced by the module
// above it that is not; of its calls nothing is known. Takes time in proportion to nodes and
// modules.
std::vector<Owner> OwnersAtDepth(const Hierarchy& hierarchy, absl::Span<const Owner> owners,
                                 uint32_t depth);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_COARSE_OWNERS_H_
