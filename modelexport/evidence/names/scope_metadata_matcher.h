// Evidence scope_metadata: the module paths that PyTorch's dynamo exporter leaves on nodes.
#ifndef MODELEXPORT_EVIDENCE_NAMES_SCOPE_METADATA_MATCHER_H_
#define MODELEXPORT_EVIDENCE_NAMES_SCOPE_METADATA_MATCHER_H_

#include <string>

#include "modelexport/evidence/matcher.h"

namespace modelexport {

// Proposes the innermost module; where its path is unknown, the innermost known one around it,
// not exact. Paths may be aliases. One level of wrapper on either side is left out when that lets
// more paths resolve. Calls are not told apart: the exporter does not write them.
class ScopeMetadataMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kScopeMetadata; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_SCOPE_METADATA_MATCHER_H_
