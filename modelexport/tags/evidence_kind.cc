#include "modelexport/tags/evidence_kind.h"

namespace modelexport {
namespace {

constexpr bool EachRowIsThatOfItsKind() {
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    if (kEvidenceKinds[i].kind != static_cast<EvidenceKind>(i)) return false;
  }
  return true;
}
static_assert(EachRowIsThatOfItsKind(), "kEvidenceKinds differs from the enum");
static_assert(static_cast<int>(EvidenceKind::kNone) + 1 == kNumEvidenceKinds,
              "kNone is the last kind");

}  // namespace

absl::optional<EvidenceKind> EvidenceKindOf(absl::string_view name) {
  for (const EvidenceFacts& facts : kEvidenceKinds) {
    if (facts.word == name) return facts.kind;
  }
  return absl::nullopt;
}

}  // namespace modelexport
