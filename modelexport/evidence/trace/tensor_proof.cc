#include "modelexport/evidence/trace/tensor_proof.h"

#include <algorithm>

#include "absl/types/span.h"

namespace modelexport {

TensorProof::TensorProof(const SourceRun& source, const Image& image, const TensorIdentity& tensors,
                         const std::vector<uint32_t>& op_of)
    : source_(source), reads_(source, image, tensors), has_image_(source.size()) {
  for (size_t i = 0; i < image.size(); ++i) {
    if (op_of[i] < has_image_.size()) has_image_[op_of[i]] = true;
  }
}

bool TensorProof::Allows(size_t image, uint32_t op) const {
  bool proves = false, is_explained = false;
  reads_.ForEach(image, [&](TensorId tensor) {
    if (is_explained || reads_.OpsOf(tensor).empty()) return;
    proves = true;
    is_explained = IsExplained(tensor, op);
  });
  return !proves || is_explained;
}

bool TensorProof::IsExplained(TensorId tensor, uint32_t op) const {
  const absl::Span<const uint32_t> readers = source_.readers(tensor);
  return std::any_of(readers.begin(), readers.end(), [&](uint32_t reader) {
    if (source_.module_ranges().IsAncestorOrSelf(source_.call(reader).module,
                                                 source_.call(op).module)) {
      return true;
    }
    const absl::Span<const NearOp> behind = source_.behind(reader);  // In the order of operators.
    const auto found =
        std::lower_bound(behind.begin(), behind.end(), op,
                         [](const NearOp& near, uint32_t wanted) { return near.op < wanted; });
    return !has_image_[reader] && found != behind.end() && found->op == op;
  });
}

}  // namespace modelexport
