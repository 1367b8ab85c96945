// Evidence from values named after operators of the exported program.
#ifndef MODELEXPORT_EVIDENCE_NAMES_FX_NAME_MATCHER_H_
#define MODELEXPORT_EVIDENCE_NAMES_FX_NAME_MATCHER_H_

#include <string>

#include "modelexport/evidence/matcher.h"

namespace modelexport {

// PyTorch's exporter of exported programs gives the results of an operator its name: "linear_3", or
// "split__0" for the first of several; and the node that makes it "node_linear_3" (source:
// torch/onnx/_internal/exporter/_core.py). Only with `ops_source: exported_program` are these the
// names in the sidecar; those of another run may stand for other operators.
class FxNameMatcher : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kFxName; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_FX_NAME_MATCHER_H_
