// Judges the tags of a file by the rules of docs/tags.md, whoever wrote them.
#ifndef MODELEXPORT_VALIDATION_CHECK_TAGS_H_
#define MODELEXPORT_VALIDATION_CHECK_TAGS_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/evidence_kind.h"
#include "modelexport/validation/finding.h"
#include "modelexport/wire/byte_source.h"

namespace modelexport {

// Of nodes: of the main graph, of functions, and of bodies at any depth in both.
struct TagCounts {
  uint64_t nodes = 0;
  uint64_t tagged = 0;    // Those with modelexport.evidence, and .module or .submodule.
  uint64_t uncalled = 0;  // Those in functions that nothing calls: they need no tags.
  std::array<uint64_t, kNumEvidenceKinds> by_evidence = {};  // By EvidenceKind, of tagged ones.
  uint64_t unknown_evidence = 0;                             // Of tagged ones.
};

// Reads `source` once, payloads left out, in memory that does not grow with the number of nodes.
// Adds what it finds to `findings`.
//
// Every node must have its tags once, but for functions that no chain of calls from the main graph
// reaches, whose nodes are counted and not judged. Class paths must follow one NnModules rule in
// the whole file. An error for malformed bytes, with the source's name and the offset, and for what
// `source` cannot read; findings and counts are then those made so far.
absl::Status CheckTags(const wire::ByteSource& source, const Hierarchy& hierarchy,
                       Findings* findings, TagCounts* counts);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_CHECK_TAGS_H_
