// The figures that validation counts about a file's tags.
#ifndef MODELEXPORT_VALIDATION_TAG_COUNTS_H_
#define MODELEXPORT_VALIDATION_TAG_COUNTS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "modelexport/tags/evidence_kind.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// Numbers of nodes in the main graph, in functions, and in bodies at any depth in both.
struct TagCounts {
  uint64_t nodes = 0;
  uint64_t tagged = 0;    // Nodes with modelexport.evidence, and .module or .submodule.
  uint64_t uncalled = 0;  // Nodes in functions that nothing calls: not judged, never `tagged`.
  std::array<uint64_t, kNumEvidenceKinds> by_evidence = {};  // Tagged nodes by EvidenceKind.
  uint64_t unknown_evidence = 0;                             // Tagged nodes with another evidence.

  // The functions that nothing calls, by position among the model's functions, in order.
  std::vector<uint64_t> uncalled_functions;

  // The presets that the model lists; the default one if it lists none.
  PresetSet presets;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_TAG_COUNTS_H_
