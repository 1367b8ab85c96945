// Owners inside model functions. One node there can belong to several modules: one for each way in
// which its function is called (docs/tags.md, modelexport.submodule).
#ifndef MODELEXPORT_RESOLUTION_FUNCTION_OWNERS_H_
#define MODELEXPORT_RESOLUTION_FUNCTION_OWNERS_H_

#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// Corrects the owners of nodes in functions (and in bodies within them):
// - If no chain of calls from the main graph reaches the function, its nodes are not tagged.
// - If a single chain does, the owners stay as the evidence says.
// - If several do, the owners become relative to the owner of the node that calls the function.
// Once the context is cancelled it ends soon.
void PlaceFunctionBodies(const MatchContext& context, std::vector<Owner>* owners);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_FUNCTION_OWNERS_H_
