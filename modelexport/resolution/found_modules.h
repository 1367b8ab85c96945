// The modules found for nodes so far, before owners are taken out.
#ifndef MODELEXPORT_RESOLUTION_FOUND_MODULES_H_
#define MODELEXPORT_RESOLUTION_FOUND_MODULES_H_

#include <map>
#include <vector>

#include "modelexport/resolution/also_modules.h"

namespace modelexport {

// Of few nodes. A module may be there several times, and be the owner.
using FoundModules = std::map<NodeId, std::vector<AlsoModule>>;

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_FOUND_MODULES_H_
