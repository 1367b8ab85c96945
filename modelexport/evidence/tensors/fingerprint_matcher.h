// Evidence fingerprint: the content of the tensors that a node reads.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_FINGERPRINT_MATCHER_H_
#define MODELEXPORT_EVIDENCE_TENSORS_FINGERPRINT_MATCHER_H_

#include <string>

#include "modelexport/evidence/matcher.h"

namespace modelexport {

// As ParameterMatcher, for nodes that read a value whose tensor only its content tells
// (tensor_identity.h). Tensors that are equal cannot be told apart: those who read any of them are
// proposed, so far as they read all else that the node reads. Where no one does, as for weights of
// several modules that were made one, or too many do, their common ancestor restricts the node.
class FingerprintMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kFingerprint; }
  bool second_round() const override { return true; }

  // Offered is what is resolved: content that is not in the hierarchy may still be the model's, in
  // a form that nobody could compare, and says nothing against a sidecar.
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_FINGERPRINT_MATCHER_H_
