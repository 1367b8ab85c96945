// Owners inside model functions, whose nodes stand for as many modules as there are ways to call
// them (docs/tags.md, modelexport.submodule).
#ifndef MODELEXPORT_RESOLUTION_FUNCTION_OWNERS_H_
#define MODELEXPORT_RESOLUTION_FUNCTION_OWNERS_H_

#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// Corrects the owners of nodes in function bodies (and in bodies within them):
// - of a function that no chain of calls from the main graph reaches: not tagged;
// - of one with a single chain: left as the evidence says;
// - of one with several: relative to the owner of the node that calls it.
// Once the context is cancelled it ends soon.
void PlaceFunctionBodies(const MatchContext& context, std::vector<Owner>* owners);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_FUNCTION_OWNERS_H_
