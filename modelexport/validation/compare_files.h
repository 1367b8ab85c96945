// Proves that a tagged file differs from its original in our metadata entries alone.
#ifndef MODELEXPORT_VALIDATION_COMPARE_FILES_H_
#define MODELEXPORT_VALIDATION_COMPARE_FILES_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/finding.h"
#include "modelexport/wire/byte_source.h"

namespace modelexport {

struct CompareFilesOptions {
  // Whether metadata entries with a key, of nodes and of the model, may differ. Wherever nodes are:
  // in functions and bodies too.
  bool (*may_differ)(absl::string_view key) = IsOwnKey;

  // Functions in which no entry may differ, by position among the model's functions, in order.
  absl::Span<const uint64_t> untouched_functions;

  // Compare the bytes of tensor payloads too. Without it their order and length is, and none is
  // read but those within nodes under 64 KB, which are read whole.
  bool payloads = false;

  bool ir_version_raised = false;  // `tagged` may have 10 for a lower or no ir_version.

  const std::atomic<bool>* cancelled = nullptr;  // Polled where not null, at each block read.
};

// Walks both files in step, in memory that does not grow with them. Every field of `tagged` must be
// that of `original`, byte for byte and in the same order, but for entries that may differ and the
// length prefixes of the messages around them, which then must be of minimal size. Adds what is
// otherwise to `findings`, with its offset in both files, and file.malformed for `tagged`.
//
// After a field that stands in the place of another one the rest of that message is not compared;
// the messages around it are. `training_info` and the default attributes of functions are compared
// as plain bytes, payloads included.
//
// An error: `original` is malformed (kInvalidArgument with its name and the offset), what a source
// cannot read, kCancelled.
absl::Status CompareFiles(const wire::ByteSource& original, const wire::ByteSource& tagged,
                          const CompareFilesOptions& options, Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_COMPARE_FILES_H_
