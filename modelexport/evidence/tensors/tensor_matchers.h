// The kinds of evidence that the tensors give which a node reads.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_TENSOR_MATCHERS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_TENSOR_MATCHERS_H_

#include <memory>
#include <string>

#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

// parameter: the names of the tensors that a node reads.
//
// A node that reads a parameter or buffer belongs to a call that read it. If the hierarchy has
// operators, they say which calls those are. Otherwise it is the module that owns the tensor or, if
// that module was never called, the nearest module around it that was. Tied tensors thus propose
// several modules.
//
// A tensor is known by its name on an initializer ("<name>_quantized" if onnxruntime quantized it)
// or on any other value (an Identity that replaces a de-duplicated initializer has the original's
// name on its output), and through operators that only pass it on: Identity, Transpose, Cast,
// Reshape, Flatten, Squeeze, Unsqueeze, QuantizeLinear, DequantizeLinear. These operators belong
// with the tensor that they pass on.
//
// If the hierarchy has no tensors, the owner is the module whose path is the tensor's name without
// its last segment, or the nearest module around it that was called (module_names.h); a MatMul by a
// matrix of another name belongs to the module whose bias is added next (module_reads.h).
//
// Exporters and optimisers keep one of several equal tensors. So an initializer that more nodes
// read than the model's calls explain also counts as the tensors of equal shape and stats. If the
// tensors of one node belong to different modules, the common ancestor restricts the node.
class ParameterMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kParameter; }
  // Sidecars are judged by the names of parameters whether a strategy uses them or not.
  bool judges_sidecar() const override { return false; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

// fingerprint: the content of the tensors that a node reads.
//
// As ParameterMatcher, for nodes that read a value whose tensor is known by its content alone
// (tensor_identity.h). Equal tensors cannot be told apart: the modules that read any of them are
// proposed, as far as they read everything else that the node reads. If no module does, as for
// weights of several modules that were concatenated, or too many do, their common ancestor
// restricts the node.
class FingerprintMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kFingerprint; }
  absl::string_view MissingFrom(const Hierarchy& hierarchy) const override;
  bool second_round() const override { return true; }

  // Only what resolves is offered: content that is not in the hierarchy may still be the model's,
  // in a form that cannot be compared, and says nothing against a sidecar.
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

// All of the above, the strongest first.
inline Matchers TensorMatchers() {
  return {
      std::make_shared<ParameterMatcher>(),
      std::make_shared<FingerprintMatcher>(),
  };
}

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_TENSOR_MATCHERS_H_
