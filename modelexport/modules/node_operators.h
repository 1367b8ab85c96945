// What nodes do, as numbers that compare.
#ifndef MODELEXPORT_MODULES_NODE_OPERATORS_H_
#define MODELEXPORT_MODULES_NODE_OPERATORS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/modules/body_form.h"

namespace modelexport {

// Nodes whose message takes more bytes than this are like no other.
inline constexpr uint64_t kMaxComparedNode = uint64_t{1} << 20;

// By node: a number that nodes share which have one operator, domain, overload and attributes but
// for the names of tensors and texts for people, and bodies of one form. Of the main graph alone; 0
// for others. Errors are those of reading. Takes the time of reading the nodes.
absl::StatusOr<std::vector<uint32_t>> NumberOperators(const GraphView& graph,
                                                      const BodyForms& bodies);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_NODE_OPERATORS_H_
