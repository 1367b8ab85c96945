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
  const Hierarchy* hierarchy = nullptr;          // Null: the one embedded in the file.
  const std::atomic<bool>* cancelled = nullptr;  // Polled where not null, at each block read.
};

// Reads `source` once, payloads left out, in memory that grows with the number of graphs and
// functions but not with that of nodes. Adds what it finds to `findings`, file.malformed included,
// and what it counts to `counts`.
//
// Every node must have the tags of the presets that the model lists once, and those of the others
// that fit its module unless it notes them as foreign, but for functions that no chain of calls
// from the main graph reaches, whose nodes are counted and not judged. Class paths must follow one
// NnModules rule in the whole file. Without any hierarchy, modules, class paths and calls are not
// judged.
//
// An error is what `source` cannot read, or kCancelled.
absl::Status CheckTags(const ByteSource& source, const CheckTagsOptions& options,
                       Findings* findings, TagCounts* counts);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_CHECK_TAGS_H_
