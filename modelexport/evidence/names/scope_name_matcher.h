// Evidence node_name and value_name: one walk through the scopes of the source model, over the
// names of nodes or over those of the values that they make.
#ifndef MODELEXPORT_EVIDENCE_NAMES_SCOPE_NAME_MATCHER_H_
#define MODELEXPORT_EVIDENCE_NAMES_SCOPE_NAME_MATCHER_H_

#include <string>

#include "modelexport/evidence/matcher.h"

namespace modelexport {

// Says nothing about names without a scope ("Identity_4"). A scope whose end names no module
// proposes the deepest module that its beginning names, not exact. Where a name can be read in
// several ways (the second call of `relu`, or the module `relu_1`), each is proposed.
//
// If the export's root is a wrapper around the described model or the reverse, its one additional
// level is left out, when that lets more names resolve.
class ScopeNameMatcher final : public Matcher {
 public:
  // `kind`: kNodeName or kValueName.
  explicit ScopeNameMatcher(EvidenceKind kind) : kind_(kind) {}

  EvidenceKind kind() const override { return kind_; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;

 private:
  const EvidenceKind kind_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_SCOPE_NAME_MATCHER_H_
