// With which precision nodes compute, as far as what they read says it.
#ifndef MODELEXPORT_MODULES_PRECISION_H_
#define MODELEXPORT_MODULES_PRECISION_H_

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/modules/label_counts.h"

namespace modelexport {

// The narrowest type that a node reads, by bits, of those of weights, of values that a
// DequantizeLinear made and of results of Cast, each also through operators that change the form
// alone:
// - "float", "float16", "int8" and so on, as DataTypeName() says it;
// - "int8 QDQ" if the value was stored as int8 before a DequantizeLinear; "QDQ" if its type is not
//   known;
// - "4-bit" if the operator's own attribute "bits" says how wide the numbers are that it unpacks
//   from a tensor of another type, as that of com.microsoft.MatMulNBits does.
// Integers of 32 and 64 bits, booleans and texts do not count: they are positions and conditions.
// Nodes that read nothing of all this have no label, and neither do QuantizeLinear,
// DequantizeLinear and DynamicQuantizeLinear, nor nodes whose inputs are forms alone.
//
// Takes time in proportion to the operands of nodes; attributes of Cast and of nodes that read
// packed weights are read. Errors are those of Attributes::Read().
absl::StatusOr<NodeLabels> FindPrecision(const GraphView& graph);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_PRECISION_H_
