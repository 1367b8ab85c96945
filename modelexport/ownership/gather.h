// Asks the matchers of a strategy, in two rounds.
#ifndef MODELEXPORT_OWNERSHIP_GATHER_H_
#define MODELEXPORT_OWNERSHIP_GATHER_H_

#include <memory>
#include <vector>

#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

// All that the matchers of one strategy say of one model.
struct Evidence {
  std::vector<MatchResult> results;  // One for each matcher, in the strategy's order.

  // What the strong evidence of the first round settles (StrongEvidence() in resolver.h); empty if
  // the strategy has no second round.
  std::shared_ptr<const std::vector<Candidate>> settled;

  // The context of the second round, with the facts that its matchers found: Matcher::Reason() is
  // asked with it. It must not outlive `settled`, to which it refers.
  MatchContext context;
};

// Matchers of the second round are told what the first settles. With `two_threads` the matchers of
// one round run side by side; the result is the same.
Evidence GatherEvidence(const MatchContext& context, const Strategy& strategy, bool two_threads);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_GATHER_H_
