#include "modelexport/evidence/trace/matrix_reshapes.h"

#include <algorithm>

namespace modelexport {

MatrixReshapes::MatrixReshapes(const SourceRun& source, const Image& image)
    : source_(source), image_(image) {
  for (uint32_t type = 0; type < image.types().size(); ++type) {
    if (image.types()[type] == "Reshape") reshape_ = type;
    if (image.types()[type] == "Gemm") gemm_ = type;
  }
}

void MatrixReshapes::Learn(absl::Span<const uint32_t> op_of, const OperatorOdds& odds) {
  if (reshape_ == kNone || gemm_ == kNone) return;
  std::vector<uint32_t> images(source_.kinds().size()), reshapes(images.size());
  for (uint32_t i = 0; i < op_of.size(); ++i) {
    const uint32_t kind = source_.kind(op_of[i]);
    ++images[kind];
    reshapes[kind] += IsReshape(i);
  }
  reshapes_.resize(images.size());
  for (size_t kind = 0; kind < images.size(); ++kind) {
    reshapes_[kind] = odds.Explains(kind, reshape_) && 2 * reshapes[kind] > images[kind];
  }
}

uint32_t MatrixReshapes::OpOf(uint32_t image, absl::Span<const uint32_t> op_of) const {
  if (reshapes_.empty() || !IsReshape(image)) return kNone;
  const absl::Span<const uint32_t> before = image_.producers(image);
  const absl::Span<const uint32_t> behind = image_.consumers(image);
  if (before.size() != 1) return kNone;
  if (behind.size() == 1 && IsGemm(behind[0])) {
    const uint32_t op = op_of[behind[0]];
    const bool follows = IsReshape(before[0]) && image_.consumers(before[0]).size() == 1;
    if (source_.reads_tensors(op) && (follows || !ReadsReshaped(op))) return op;
  }
  if (IsGemm(before[0]) && image_.consumers(before[0]).size() == 1 && !IsResult(image)) {
    const uint32_t op = op_of[before[0]];
    const bool precedes = behind.size() == 1 && IsReshape(behind[0]);
    if (source_.reads_tensors(op) && (precedes || !IsReshapedBehind(op))) return op;
  }
  return kNone;
}

bool MatrixReshapes::IsResult(uint32_t image) const {
  const GraphView& graph = image_.graph();
  const absl::Span<const ValueId> outputs = graph.outputs(image_.node(image));
  return std::any_of(outputs.begin(), outputs.end(), [&](ValueId output) {
    return output.valid() && graph.value(output).is_graph_output;
  });
}

bool MatrixReshapes::ReadsReshaped(uint32_t op) const {
  const absl::Span<const uint32_t> reads = source_.reads(op);
  return std::any_of(reads.begin(), reads.end(),
                     [this](uint32_t read) { return reshapes_[source_.kind(read)]; });
}

bool MatrixReshapes::IsReshapedBehind(uint32_t op) const {
  const absl::Span<const NearOp> behind = source_.behind(op);
  return std::any_of(behind.begin(), behind.end(), [this](const NearOp& near) {
    return near.distance == 0 && reshapes_[source_.kind(near.op)];
  });
}

}  // namespace modelexport
