// How sure the owner of each node is.
#ifndef MODELEXPORT_OWNERSHIP_CONFIDENCE_H_
#define MODELEXPORT_OWNERSHIP_CONFIDENCE_H_

#include <vector>

#include "absl/types/span.h"
#include "modelexport/resolution/owner.h"
#include "modelexport/resolution/work_finder.h"

namespace modelexport {

// Below it an owner is doubtful: it is as likely wrong as right.
inline constexpr float kDoubtful = 0.5f;

// By node, how likely its owner is its true module, 0 to 1: how often owners with the same evidence
// are on the corpus of tests/accuracy (docs/matching.md has the table). What is around a node
// counts where it tells: by how much an alignment prefers its operator, and whether modules below
// the owner may have run it. Takes time in proportion to nodes and candidates. Once the context is
// cancelled it ends soon, with an unusable result.
std::vector<float> JudgeOwners(const WorkEvidence& evidence, absl::Span<const Owner> owners);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_CONFIDENCE_H_
