#include "modelexport/evidence/trace/tensor_proof.h"

#include <algorithm>

#include "absl/types/span.h"

namespace modelexport {
namespace {

constexpr size_t kMaxReaders = 64;  // More are not looked at: they prove little.

}  // namespace

TensorProof::TensorProof(const SourceRun& source, const Image& image, const TensorIdentity& tensors,
                         const std::vector<uint32_t>& op_of)
    : source_(source),
      image_(image),
      tensors_(tensors),
      num_readers_(source.hierarchy().tensors().size()),
      has_image_(source.size()) {
  for (size_t i = 0; i < image.size(); ++i) {
    if (op_of[i] < has_image_.size()) has_image_[op_of[i]] = true;
    for (const ValueId input : image.graph().inputs(image.node(i))) {
      if (!input.valid()) continue;
      const TensorId tensor = tensors.of(input).only();
      if (tensor.valid()) ++num_readers_[tensor.index()];
    }
  }
}

bool TensorProof::Allows(size_t image, uint32_t op) const {
  bool proves = false;
  for (const ValueId input : image_.graph().inputs(image_.node(image))) {
    if (!input.valid()) continue;
    const TensorId tensor = tensors_.of(input).only();
    if (!tensor.valid()) continue;
    const size_t num_ops = source_.readers(tensor).size();
    if (num_ops == 0 || num_ops > kMaxReaders || num_readers_[tensor.index()] > num_ops) continue;
    if (IsExplained(tensor, op)) return true;
    proves = true;
  }
  return !proves;
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
