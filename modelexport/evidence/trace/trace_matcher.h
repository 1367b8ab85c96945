// Evidence from the operators that the source model ran.
#ifndef MODELEXPORT_EVIDENCE_TRACE_TRACE_MATCHER_H_
#define MODELEXPORT_EVIDENCE_TRACE_TRACE_MATCHER_H_

#include <memory>
#include <string>

#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

// trace: aligns the graph with the sidecar's `ops` (evidence/trace/aligner.h), around what stronger
// evidence has settled. A node belongs to the call of the operator whose image it is. Constants,
// and nodes that only compute shapes, belong to the first operator that uses them. Needs no names.
class TraceMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kTrace; }
  absl::string_view MissingFrom(const Hierarchy& hierarchy) const override;
  bool second_round() const override { return true; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

// All of the above, the strongest first.
inline Matchers TraceMatchers() { return {std::make_shared<TraceMatcher>()}; }

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TRACE_MATCHER_H_
