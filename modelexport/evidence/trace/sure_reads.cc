#include "modelexport/evidence/trace/sure_reads.h"

namespace modelexport {
namespace {

constexpr size_t kMaxReaders = 64;  // More are not looked at: they prove little.

}  // namespace

SureReads::SureReads(const SourceRun& source, const Image& image, const TensorIdentity& tensors)
    : source_(source),
      image_(image),
      tensors_(tensors),
      num_images_(source.hierarchy().tensors().size()) {
  for (size_t i = 0; i < image.size(); ++i) {
    ForEach(i, [this](TensorId tensor) { ++num_images_[tensor.index()]; });
  }
}

absl::Span<const uint32_t> SureReads::OpsOf(TensorId tensor) const {
  const absl::Span<const uint32_t> readers = source_.readers(tensor);
  const bool proves =
      readers.size() <= kMaxReaders && num_images_[tensor.index()] <= readers.size();
  return proves ? readers : absl::Span<const uint32_t>();
}

}  // namespace modelexport
