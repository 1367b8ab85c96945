// For how many nodes each kind of evidence spoke, or why it did not.
#ifndef MODELEXPORT_OWNERSHIP_EVIDENCE_USE_H_
#define MODELEXPORT_OWNERSHIP_EVIDENCE_USE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

struct EvidenceUse {
  EvidenceKind kind = EvidenceKind::kNone;
  size_t nodes = 0;     // The nodes for which it proposes an owner.
  std::string why_not;  // If there are none: the reason, as "the sidecar has no ops".
};

// One for each matcher of `strategy`, in its order. `results` holds what each returned.
std::vector<EvidenceUse> EvidenceUsed(const MatchContext& context, const Strategy& strategy,
                                      const std::vector<MatchResult>& results);

// The word of the sidecar: "exported_program", "torch_export", "dispatch"; "onnx" where the
// operators are nodes of a tagged model; "" for none.
absl::string_view NameOf(OpsSource source);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_EVIDENCE_USE_H_
