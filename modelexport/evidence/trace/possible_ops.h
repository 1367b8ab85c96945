// What the flow of data leaves of the operators for an image between known results.
//
// Names may tell which image makes the very result of which operator. What lies on the way from one
// such image to another belongs to operators on the way between their results in the source run. If
// all that an operator reads is known, that is itself alone, wherever in the file a tool wrote the
// image:
//
//   q = linear(x)               v7 = Mul (q, c)         v7, v8: of attention, which reads q and k
//   k = linear(y)               k = Gemm (y, w)
//   a = attention(q, k)         v8 = MatMul (v7, k)
//                               a = Softmax (v8)
#ifndef MODELEXPORT_EVIDENCE_TRACE_POSSIBLE_OPS_H_
#define MODELEXPORT_EVIDENCE_TRACE_POSSIBLE_OPS_H_

#include <atomic>
#include <cstdint>

#include "absl/types/span.h"
#include "modelexport/base/rows.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"

namespace modelexport {

constexpr uint32_t kNoOp = 0xFFFFFFFF;

// `made`: by image, the operator whose result it makes, or kNoOp. Returns, by image, the operators
// that are left, rising. None says nothing: the image makes a result itself, is not between known
// ones, or they do not agree, or stand too far apart. Takes time and memory in proportion to both
// sides. Soon after `*cancelled` becomes true it says nothing of any; null: never.
Rows<uint32_t> PossibleOps(const SourceRun& source, const Image& image,
                           absl::Span<const uint32_t> made,
                           const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_POSSIBLE_OPS_H_
