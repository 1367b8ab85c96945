// What a strategy made of what the two files offer.
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
  size_t nodes = 0;     // For how many it proposes an owner.
  std::string why_not;  // Where that is none.
};

// One for each matcher. `results` holds what each one of `strategy` returned.
std::vector<EvidenceUse> EvidenceUsed(const MatchContext& context, const Strategy& strategy,
                                      const std::vector<MatchResult>& results);

// The word of the sidecar: "exported_program", "torch_export", "dispatch"; "" for none.
absl::string_view NameOf(OpsSource source);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_EVIDENCE_USE_H_
