// What the flow of data between nodes that certain tensors or stronger evidence place tells an
// alignment.
#ifndef MODELEXPORT_EVIDENCE_TRACE_FLOW_BOUNDS_H_
#define MODELEXPORT_EVIDENCE_TRACE_FLOW_BOUNDS_H_

#include <atomic>
#include <vector>

#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/evidence/trace/clues.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"

namespace modelexport {

// Fills in `within` of the anchors of images of which nothing is settled (evidence/flow_sides.h).
// Known are the call sites of the nodes that have an anchor, and of those that surely read a tensor
// which no more images than operators read: these ran within the innermost call around all of the
// operators. `anchors` are by node. Takes time in proportion to the edges of the graph and the
// reads of the run. Soon after `*cancelled` becomes true it ends; null: never.
void BoundByFlow(const SourceRun& source, const Image& image, const TensorIdentity& tensors,
                 std::vector<Anchor>* anchors, const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_FLOW_BOUNDS_H_
