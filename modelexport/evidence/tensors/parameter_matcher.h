// Evidence parameter: the names of the tensors that a node reads.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_PARAMETER_MATCHER_H_
#define MODELEXPORT_EVIDENCE_TENSORS_PARAMETER_MATCHER_H_

#include <string>

#include "modelexport/evidence/matcher.h"

namespace modelexport {

// A node that reads a parameter or buffer belongs to a call that read it: where the hierarchy has
// operators, to one of those that it says; else to the module that owns the tensor, or if that was
// never called, to the nearest one around it that was. Tied tensors thus propose several modules.
//
// A tensor is known by its name on an initializer ("<name>_quantized" if onnxruntime quantized it)
// or on any other value (an Identity that stands for a de-duplicated initializer has the original's
// name on its output), and through operators that only carry it on: Identity, Transpose, Cast,
// Reshape, Flatten, Squeeze, Unsqueeze, QuantizeLinear, DequantizeLinear. These belong with what
// they carry.
//
// Exporters and optimisers keep one of several equal tensors. So an initializer that more nodes
// read than the model's calls explain also stands for the tensors that are equal to it, by shape
// and stats. Where the tensors of one node disagree, their common ancestor restricts it.
class ParameterMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kParameter; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_PARAMETER_MATCHER_H_
