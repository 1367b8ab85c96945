// How sure the owner of each node is.
#ifndef MODELEXPORT_OWNERSHIP_CONFIDENCE_H_
#define MODELEXPORT_OWNERSHIP_CONFIDENCE_H_

#include <vector>

#include "absl/types/span.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/evidence/trace/trace_placement.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// What owners were found by.
struct JudgedEvidence {
  const MatchContext& context;
  const Strategy& strategy;
  const std::vector<MatchResult>& results;  // What each matcher of `strategy` returned.
  const TracePlacement* placement;          // The alignment; null if none was made.
};

// Below it an owner is doubtful: it is as likely wrong as right.
inline constexpr float kDoubtful = 0.5f;

// By node, how likely its owner is its true module, 0 to 1: how often owners with the same evidence
// are on the corpus of tests/accuracy (docs/matching.md has the table). What is around a node
// counts where it tells: by how much an alignment prefers its operator, and whether modules below
// the owner may have run it. Takes time in proportion to nodes and candidates. Once the context is
// cancelled it ends soon, with an unusable result.
std::vector<float> JudgeOwners(const JudgedEvidence& evidence, absl::Span<const Owner> owners);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_CONFIDENCE_H_
