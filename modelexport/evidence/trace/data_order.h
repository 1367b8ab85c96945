// An order that follows from the flow of data alone.
#ifndef MODELEXPORT_EVIDENCE_TRACE_DATA_ORDER_H_
#define MODELEXPORT_EVIDENCE_TRACE_DATA_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace modelexport {

// The numbers below `size` in the order in which a depth-first walk leaves them. The walk starts
// from the numbers that no other one reads, in order, and goes on to what each `reads`, in order.
// The numbers that it has not reached, which are on or before a cycle, follow in the same way. Two
// graphs without cycles that differ only in their numbering get the same order, as long as the
// numbers that no other one reads come in the same order.
std::vector<uint32_t> DataOrder(size_t size,
                                absl::FunctionRef<absl::Span<const uint32_t>(uint32_t)> reads);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_DATA_ORDER_H_
