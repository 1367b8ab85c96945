// Operators that make tensors of their own. Each gives the result of a node; absent if the node is
// malformed or what it says is not known.
#ifndef MODELEXPORT_VALIDATION_SHAPES_MAKING_OPERATORS_H_
#define MODELEXPORT_VALIDATION_SHAPES_MAKING_OPERATORS_H_

#include "modelexport/validation/shapes/known_node.h"
#include "modelexport/validation/shapes/small_tensor.h"

namespace modelexport {

// Of a node that IsKnown().
SmallResult RangeOf(const KnownNode& node);
SmallResult Filled(const KnownNode& node);  // ConstantOfShape.

// A reduction over all elements, as exporters do it for the number of elements; absent if it is
// over some axes only. The node must be IsKnown().
using SmallFold = SmallNumber (*)(SmallNumber, SmallNumber);
SmallResult ReduceAll(const KnownNode& node, SmallNumber first, SmallFold function);

// Of a node of which the type of the input is enough.
SmallResult ShapeOf(const KnownNode& node);
SmallResult SizeOf(const KnownNode& node);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_MAKING_OPERATORS_H_
