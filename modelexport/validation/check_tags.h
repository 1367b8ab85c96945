// Judges the tags of a file by the rules of docs/tags.md, whoever wrote them.
#ifndef MODELEXPORT_VALIDATION_CHECK_TAGS_H_
#define MODELEXPORT_VALIDATION_CHECK_TAGS_H_

#include <atomic>

#include "absl/status/status.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/tag_counts.h"

namespace modelexport {

struct CheckTagsOptions {
  const Hierarchy* hierarchy = nullptr;          // If null, the one embedded in the file is used.
  const std::atomic<bool>* cancelled = nullptr;  // If not null, polled at each block read.
};

// Reads `source` once, without payloads, in memory that grows with the number of graphs and
// functions but not with the number of nodes. Adds what is wrong to `findings`, file.malformed
// included, and adds its counts to `counts`.
//
// If the model lists the default preset, every node must have its tags, once each. Its keys of the
// other presets that the model lists must be those of its module, unless the node notes them as
// foreign. Nodes in functions that no chain of calls from the main graph reaches are counted and
// not judged. Class paths must follow one NnModules rule in the whole file. Without any hierarchy,
// modules, class paths and calls are not judged. Keys of the program's own are misplaced in other
// metadata than those of nodes and the model, and anywhere in training_info.
//
// Returns an error if `source` cannot be read, or kCancelled.
absl::Status CheckTags(const ByteSource& source, const CheckTagsOptions& options,
                       Findings* findings, TagCounts* counts);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_CHECK_TAGS_H_
