// The operators that the flow of data leaves possible for an image between known results.
//
// Names may tell which image makes the very result of which operator. An image between two such
// images, by data flow, belongs to one of the operators between those two results in the run. If
// all results that an operator reads are known, it is the only one possible, wherever in the file a
// tool wrote the image:
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

// `made` has, for each image, the operator whose result it makes, or kNoOp. Returns, for each
// image, the operators that are possible, rising. An empty list says nothing: the image makes a
// result itself or is not between known results, or these contradict each other or are too far
// apart. Takes time and memory in proportion to both sides.
// Soon after `*cancelled` becomes true all lists are empty; null: never.
Rows<uint32_t> PossibleOps(const SourceRun& source, const Image& image,
                           absl::Span<const uint32_t> made,
                           const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_POSSIBLE_OPS_H_
