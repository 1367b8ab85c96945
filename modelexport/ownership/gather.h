// Asks the matchers of a strategy, in two rounds.
#ifndef MODELEXPORT_OWNERSHIP_GATHER_H_
#define MODELEXPORT_OWNERSHIP_GATHER_H_

#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

// What each matcher of the strategy returns, in the strategy's order. Matchers of the second round
// are told what the strong evidence of the first settles (StrongEvidence() in resolver.h). With
// `two_threads` the matchers of one round run side by side; the result is the same.
std::vector<MatchResult> GatherEvidence(const MatchContext& context, const Strategy& strategy,
                                        bool two_threads);

// What GatherEvidence() told the second round; empty if the strategy has none. `results` holds what
// the matchers of the first round returned.
std::vector<Candidate> SettledIn(const MatchContext& context, const Strategy& strategy,
                                 const std::vector<MatchResult>& results);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_GATHER_H_
