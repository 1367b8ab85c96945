// Evidence from the operators that the source model ran.
#ifndef MODELEXPORT_EVIDENCE_TRACE_TRACE_MATCHER_H_
#define MODELEXPORT_EVIDENCE_TRACE_TRACE_MATCHER_H_

#include <string>

#include "modelexport/evidence/matcher.h"

namespace modelexport {

// Aligns the graph with `ops` (evidence/trace/aligner.h), around what stronger evidence has
// settled: a node belongs to the call of the operator that it is an image of. What only computes
// shapes, and constants, belong with the first operator that uses them. Needs no names.
class TraceMatcher : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kTrace; }
  bool second_round() const override { return true; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TRACE_MATCHER_H_
