// How long loops of matchers notice that the run is to end.
#ifndef MODELEXPORT_EVIDENCE_CANCELLATION_H_
#define MODELEXPORT_EVIDENCE_CANCELLATION_H_

#include <cstddef>

#include "modelexport/evidence/match_context.h"

namespace modelexport {

// Whether a loop at `step`, counted from 0, is to end with what it has found. Looks at the flag
// once in 1,024 steps.
inline bool EndsEarly(const MatchContext& context, size_t step) {
  return step % 1024 == 0 && context.cancelled() != nullptr && *context.cancelled();
}

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_CANCELLATION_H_
