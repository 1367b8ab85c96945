// Finds the nodes that do the work of several modules, and which of these is the owner.
#ifndef MODELEXPORT_RESOLUTION_FIND_ALSO_H_
#define MODELEXPORT_RESOLUTION_FIND_ALSO_H_

#include "modelexport/resolution/also_modules.h"
#include "modelexport/resolution/resolver.h"
#include "modelexport/resolution/work_finder.h"

namespace modelexport {

// - kName: tools that make one node of several take its name from one of them and that of its
//   result from another.
// - kOperator: an operator of the run has no node, and is between the operator whose result the
//   node makes and what the node reads; or it has tensors, as BatchNorm, and is behind the operator
//   of a node that reads stored tensors, into which its own were folded. An operator that does not
//   depend on the model's inputs is computed before, by nobody.
// - kEqual: an operator has no node, but an equal one of another module has: computed once.
// - kTensor: a node that does several operators reads a tensor that another module's operator read.
// - kFolded: without a run; folded_modules.h.
//
// A node whose operator is no image of the one whose result it makes, but of one of the others,
// belongs to the module of that: a Conv that makes the result of a BatchNorm is the convolution's.
// `resolution` has the owners before, and is changed so.
//
// Takes time in proportion to the nodes, the operators and what they read. Once the context is
// cancelled it ends soon, with an unusable result.
AlsoModules FindAlso(const WorkEvidence& evidence, Resolution* resolution);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_FIND_ALSO_H_
