// Names for what `outline` makes.
#ifndef MODELEXPORT_MODULES_OUTLINE_NAMES_H_
#define MODELEXPORT_MODULES_OUTLINE_NAMES_H_

#include "modelexport/modules/outline_plan.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// Each function gets the name of its module's class; where that is not known, the last part of its
// path that is no number. Only letters, digits and "_" of it stay. Where that is taken in the
// domain, "_2" and so on follow.
void NameFunctions(const OwnedGraph& owned, OutlinePlan* plan);

// A parameter that is an initializer below the module is named by its path from there, as
// "query.weight"; the others, and those whose name is taken, "input_3" by their position.
void NameParameters(const OwnedGraph& owned, const OutlinePlan& plan, OutlineFunction* function);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_OUTLINE_NAMES_H_
