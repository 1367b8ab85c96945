// The kinds of evidence for a node's owner, as values of modelexport.evidence (docs/tags.md).
#ifndef MODELEXPORT_TAGS_EVIDENCE_KIND_H_
#define MODELEXPORT_TAGS_EVIDENCE_KIND_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace modelexport {

// Strongest first; docs/matching.md says what each one means.
enum class EvidenceKind : uint8_t {
  kScopeMetadata,
  kNodeName,
  kValueName,
  kFxName,
  kParameter,
  kFingerprint,
  kTrace,
  kDataflow,
  kInherited,
  kCarried,
  kNone,
};

inline constexpr int kNumEvidenceKinds = static_cast<int>(EvidenceKind::kNone) + 1;

// As "scope_metadata".
absl::string_view NameOf(EvidenceKind kind);

// The kind with this name; absent for names that this version does not know.
absl::optional<EvidenceKind> EvidenceKindOf(absl::string_view name);

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_EVIDENCE_KIND_H_
