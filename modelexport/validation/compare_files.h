// Proves that a file that was tagged or stripped differs from its original only in our metadata
// entries.
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

// A preset's keys are meant on all nodes, in functions and bodies too. On the model, the keys of
// the default preset are those that begin with "modelexport.".
struct CompareFilesOptions {
  // `tagged` may have these presets' keys where `original` has no such keys or other values, except
  // on nodes whose modelexport.foreign notes the preset: there the keys are another program's.
  PresetSet written = PresetSet::Default();
  // `original` may have these presets' keys and lose them, with the same exception.
  PresetSet removed = PresetSet::Default();
  // `original` may lose these presets' keys too, even those that other programs wrote, unless the
  // node of `tagged` notes the preset.
  PresetSet replaced;
  // `tagged` may list presets, embed a hierarchy and note foreign keys. `original` may lose such
  // entries in any case.
  bool notes = true;

  // Functions that nothing calls, by position among the model's functions, in order. Their nodes
  // may only lose the keys of `removed_from_uncalled`, and notes if that set is not empty.
  absl::Span<const uint64_t> uncalled_functions;
  PresetSet removed_from_uncalled;

  // Compare the bytes of tensor payloads too. Otherwise only their order and length are compared,
  // and none is read except those within nodes of up to 64 KiB, which are read whole.
  bool payloads = false;

  // Nothing may differ, notes included. The other members about keys then mean nothing.
  bool exact = false;

  bool ir_version_raised = false;  // `tagged` may have 10 in place of a lower or no ir_version.

  const std::atomic<bool>* cancelled = nullptr;  // If not null, polled at each block read.
};

// Walks both files in step, in memory that does not grow with them. The fields of `tagged` must be
// those of `original`, byte for byte and in the same order, except for entries that may differ and
// the length prefixes of the messages around these, which then must be of minimal size. Adds each
// other difference to `findings`, with its offset in both files, and file.malformed if `tagged` is.
//
// After a field that takes the place of another one, the rest of that message is not compared; the
// messages around it are. `training_info` and the default attributes of functions are compared as
// plain bytes, payloads included.
//
// Returns an error if `original` is malformed (kInvalidArgument with its name and the byte offset)
// or a source cannot be read, or kCancelled.
absl::Status CompareFiles(const ByteSource& original, const ByteSource& tagged,
                          const CompareFilesOptions& options, Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_COMPARE_FILES_H_
