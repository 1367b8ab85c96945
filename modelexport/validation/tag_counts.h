// What validation counts of a file's tags.
#ifndef MODELEXPORT_VALIDATION_TAG_COUNTS_H_
#define MODELEXPORT_VALIDATION_TAG_COUNTS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "modelexport/tags/evidence_kind.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// Of nodes: of the main graph, of functions, and of bodies at any depth in both.
struct TagCounts {
  uint64_t nodes = 0;
  uint64_t tagged = 0;    // Those with modelexport.evidence, and .module or .submodule.
  uint64_t uncalled = 0;  // Those in functions that nothing calls: not judged, never `tagged`.
  std::array<uint64_t, kNumEvidenceKinds> by_evidence = {};  // By EvidenceKind, of tagged ones.
  uint64_t unknown_evidence = 0;                             // Of tagged ones.

  // Those that nothing calls, by position among the model's functions, in order.
  std::vector<uint64_t> uncalled_functions;

  // What the model lists; the default preset if it lists none.
  PresetSet presets;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_TAG_COUNTS_H_
