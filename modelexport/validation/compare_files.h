// Proves that a file that was tagged or stripped differs from its original in our metadata entries
// alone.
#ifndef MODELEXPORT_VALIDATION_COMPARE_FILES_H_
#define MODELEXPORT_VALIDATION_COMPARE_FILES_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/tags/preset_set.h"
#include "modelexport/validation/finding.h"

namespace modelexport {

// The keys of presets are those of nodes, wherever nodes are: in functions and bodies too. Of the
// model, keys of the default preset are those that begin with "modelexport.".
struct CompareFilesOptions {
  // `tagged` may have these keys where `original` has none or others. Not on nodes whose
  // modelexport.foreign notes the preset there: what stands there is another program's.
  PresetSet written = PresetSet::Default();
  // `original` may have these keys and lose them. Not on nodes whose modelexport.foreign notes the
  // preset there.
  PresetSet removed = PresetSet::Default();
  // These too, even from other programs, unless the node of `tagged` notes the preset.
  PresetSet replaced;
  // `tagged` may list presets, embed a hierarchy and note foreign keys; `original` may lose that in
  // any case.
  bool notes = true;

  // Functions that nothing calls, by position among the model's functions, in order. They may only
  // lose these keys, and notes if there are any keys.
  absl::Span<const uint64_t> uncalled_functions;
  PresetSet removed_from_uncalled;

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
absl::Status CompareFiles(const ByteSource& original, const ByteSource& tagged,
                          const CompareFilesOptions& options, Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_COMPARE_FILES_H_
