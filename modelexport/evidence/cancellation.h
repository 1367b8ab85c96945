// How long loops of matchers notice that the run is to end.
#ifndef MODELEXPORT_EVIDENCE_CANCELLATION_H_
#define MODELEXPORT_EVIDENCE_CANCELLATION_H_

#include <cstddef>

#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/match_context.h"

namespace modelexport {

// The same for a loop over what a context has.
inline bool EndsEarly(const MatchContext& context, size_t step) {
  return EndsEarly(context.cancelled(), step);
}

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_CANCELLATION_H_
