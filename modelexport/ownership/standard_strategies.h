// The strategies that programs offer by name.
#ifndef MODELEXPORT_OWNERSHIP_STANDARD_STRATEGIES_H_
#define MODELEXPORT_OWNERSHIP_STANDARD_STRATEGIES_H_

#include <vector>

#include "modelexport/evidence/strategy.h"

namespace modelexport {

// "auto", the default, and those that use a part of it.
std::vector<Strategy> StandardStrategies();

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_STANDARD_STRATEGIES_H_
