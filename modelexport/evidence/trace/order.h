// The order in which an alignment goes along the images and the operators.
#ifndef MODELEXPORT_EVIDENCE_TRACE_ORDER_H_
#define MODELEXPORT_EVIDENCE_TRACE_ORDER_H_

#include <cstdint>
#include <vector>

#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"

namespace modelexport {

struct Order {
  std::vector<uint32_t> images;       // By step.
  std::vector<uint32_t> ops;          // By position.
  std::vector<uint32_t> position_of;  // By operator.
};

// The order of the file, and that of the run.
Order OrderAsGiven(const SourceRun& source, const Image& image);

// On both sides, the order in which a walk back from the results finishes (data_order.h).
Order OrderByData(const SourceRun& source, const Image& image);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_ORDER_H_
