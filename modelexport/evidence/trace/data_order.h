// An order that follows from the flow of data alone.
#ifndef MODELEXPORT_EVIDENCE_TRACE_DATA_ORDER_H_
#define MODELEXPORT_EVIDENCE_TRACE_DATA_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace modelexport {

// The numbers below `size` in the order in which a depth-first walk leaves them. It starts from
// those that nobody reads, in order, and goes to what each `reads`, in order. What is left then,
// which lies on or before a cycle, follows in the same way. Two graphs without cycles that differ
// in numbering alone get the same order, as long as the ends come in the same one.
std::vector<uint32_t> DataOrder(size_t size,
                                absl::FunctionRef<absl::Span<const uint32_t>(uint32_t)> reads);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_DATA_ORDER_H_
