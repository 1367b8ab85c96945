// The tensors that images surely read, and the operators that these lead to.
#ifndef MODELEXPORT_EVIDENCE_TRACE_SURE_READS_H_
#define MODELEXPORT_EVIDENCE_TRACE_SURE_READS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"

namespace modelexport {

class SureReads {
 public:
  // All must outlive the object.
  SureReads(const SourceRun& source, const Image& image, const TensorIdentity& tensors);

  // Calls `visit` with each tensor that the image surely reads, in the order of its inputs.
  template <typename Visit>
  void ForEach(size_t image, Visit visit) const {
    for (const ValueId input : image_.graph().inputs(image_.node(image))) {
      if (!input.valid()) continue;
      const TensorId tensor = tensors_.of(input).only();
      if (tensor.valid()) visit(tensor);
    }
  }

  // The operators that read the tensor, of which the images that read it are images. Empty if that
  // is not so, as more images read it than operators do; or if no operator does, or so many that
  // they prove little.
  absl::Span<const uint32_t> OpsOf(TensorId tensor) const;

 private:
  const SourceRun& source_;
  const Image& image_;
  const TensorIdentity& tensors_;
  std::vector<uint32_t> num_images_;  // By tensor: that read it.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_SURE_READS_H_
