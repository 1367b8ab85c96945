// Modules that became a part of another's node, as tensors and calls alone tell.
#ifndef MODELEXPORT_RESOLUTION_FOLDED_MODULES_H_
#define MODELEXPORT_RESOLUTION_FOLDED_MODULES_H_

#include <vector>

#include "modelexport/evidence/match_context.h"
#include "modelexport/resolution/found_modules.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// For hierarchies without operators. A module that was called and has no node did its work in:
// - a node that reads one of its tensors; that is the module's own node if the owner before has
//   tensors and the node reads none of them: those were folded in;
// - else, if it has tensors and no node reads any, the last node of the call just before, in the
//   same module around, that reads tensors;
// - else, if it has tensors and no node reads any, a node of the call just behind, of a module
//   without tensors, that reads a stored tensor as large as the module's largest: a convolution
//   that is named for its activation. The node is then that of the first of such modules.
// `owners` has the owners before, and is changed so; `found` receives the others. Takes
// time in proportion to nodes, operands, tensors and calls.
void FindFoldedModules(const MatchContext& context, std::vector<Owner>* owners,
                       FoundModules* found);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_FOLDED_MODULES_H_
