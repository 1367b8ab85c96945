// Proves that a copy differs from its original in certain edits alone.
#ifndef MODELEXPORT_VALIDATION_UNDONE_H_
#define MODELEXPORT_VALIDATION_UNDONE_H_

#include <atomic>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/validation/finding.h"

namespace modelexport {

// Compares `original`, byte by byte and tensor payloads included, with what `undo` makes of `copy`.
// The first difference is a finding diff.bytes. The lengths of messages around the edits must be
// minimal in `original` (SplicePlan::lengths_were_minimal()), or they differ too.
//
// Of `skipped`, ranges of the original in order that do not overlap, only the length is compared:
// payloads, where reading all of them would take long.
//
// An error: what a source cannot read; kCancelled once `*cancelled` is true, polled at each block.
absl::Status CheckUndone(const ByteSource& original, const ByteSource& copy, const SplicePlan& undo,
                         const std::atomic<bool>* cancelled, Findings* findings,
                         absl::Span<const Range> skipped = {});

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_UNDONE_H_
