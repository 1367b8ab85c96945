// What the tensors that nodes read prove about the operators that they are images of.
#ifndef MODELEXPORT_EVIDENCE_TRACE_TENSOR_PROOF_H_
#define MODELEXPORT_EVIDENCE_TRACE_TENSOR_PROOF_H_

#include <cstdint>
#include <vector>

#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"
#include "modelexport/evidence/trace/sure_reads.h"

namespace modelexport {

class TensorProof {
 public:
  // `op_of` is the operator of each image in an alignment. All must outlive the object.
  TensorProof(const SourceRun& source, const Image& image, const TensorIdentity& tensors,
              const std::vector<uint32_t>& op_of);

  // Whether the image may be one of `op`, as far as tensors that it surely reads tell, and no more
  // images read than operators do. Then it is an image of an operator that reads one of these, of
  // one in the same module or below, or, if that operator has no image, of one that reads its
  // result: it was computed before.
  bool Allows(size_t image, uint32_t op) const;

 private:
  bool IsExplained(TensorId tensor, uint32_t op) const;

  const SourceRun& source_;
  const SureReads reads_;
  std::vector<bool> has_image_;  // By operator.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TENSOR_PROOF_H_
