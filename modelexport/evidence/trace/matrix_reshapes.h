// The Reshapes that tools put before and behind an operator that takes matrices alone.
#ifndef MODELEXPORT_EVIDENCE_TRACE_MATRIX_RESHAPES_H_
#define MODELEXPORT_EVIDENCE_TRACE_MATRIX_RESHAPES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/operator_odds.h"
#include "modelexport/evidence/trace/source_run.h"

namespace modelexport {

// A tool that makes a Gemm of a MatMul and an Add of more dimensions puts a Reshape on each side of
// it. A Reshape beside a Gemm is such a one, and no image of an operator that reshapes, if another
// Reshape follows on its other side, because exporters write one for an operator; or if no operator
// that reshapes stands there in the run.
class MatrixReshapes {
 public:
  static constexpr uint32_t kNone = 0xFFFFFFFF;

  // Both must outlive the object.
  MatrixReshapes(const SourceRun& source, const Image& image);

  // Learns from an alignment, the operator of each image, which operators reshape: those of a kind
  // for which exporters write Reshapes, and of whose images more than half are Reshapes.
  void Learn(absl::Span<const uint32_t> op_of, const OperatorOdds& odds);

  // The operator of the Gemm beside `image`, if it is a Reshape of that Gemm; else kNone.
  uint32_t OpOf(uint32_t image, absl::Span<const uint32_t> op_of) const;

 private:
  bool IsReshape(uint32_t image) const { return image_.type(image) == reshape_; }
  bool IsGemm(uint32_t image) const { return image_.type(image) == gemm_; }
  bool IsResult(uint32_t image) const;
  bool ReadsReshaped(uint32_t op) const;
  bool IsReshapedBehind(uint32_t op) const;

  const SourceRun& source_;
  const Image& image_;
  uint32_t reshape_ = kNone, gemm_ = kNone;  // Types.
  std::vector<bool> reshapes_;               // By kind; empty if nothing was learned.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_MATRIX_RESHAPES_H_
