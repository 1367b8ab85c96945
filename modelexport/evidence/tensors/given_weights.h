// Weights that a model does not store but is given as inputs.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_GIVEN_WEIGHTS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_GIVEN_WEIGHTS_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Inputs of the main graph without a stored value, each with its shape up to reordering (Essence()
// of part_sizes.h), which is that of a tensor of the hierarchy.
using GivenWeights = absl::flat_hash_map<ValueId, std::vector<int64_t>>;

// Empty unless at least half of the hierarchy's tensors of more than one element have such an input
// each, because an input of another meaning may have the shape of a tensor by chance; also if the
// types of the inputs cannot be read.
GivenWeights FindGivenWeights(const GraphView& graph, const Hierarchy& hierarchy);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_GIVEN_WEIGHTS_H_
