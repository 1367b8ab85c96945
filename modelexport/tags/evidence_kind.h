// The kinds of evidence for a node's owner, as values of modelexport.evidence.
//
// docs/matching.md says what each kind means. This table has all that is known of a kind as such;
// what one kind needs, reads and wants of a run is said by its Matcher (evidence/matcher.h).
#ifndef MODELEXPORT_TAGS_EVIDENCE_KIND_H_
#define MODELEXPORT_TAGS_EVIDENCE_KIND_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace modelexport {

// In the order of reports and of docs/matching.md. Nothing else depends on the order: a strategy
// lists its matchers by strength itself.
enum class EvidenceKind : uint8_t {
  kCarried,
  kScopeMetadata,
  kNodeName,
  kValueName,
  kFxName,
  kParameter,
  kFingerprint,
  kTrace,
  kDataflow,
  kInherited,
  kNone,
};

// What a kind of evidence goes by, which decides how resolution treats it.
enum class EvidenceBasis : uint8_t {
  // Where the node ran, as an exporter wrote it down. Such evidence is strong: it can be in
  // conflict with other strong evidence, and the second round of matchers is told of it.
  kRan,
  // What the node reads. That differs from the owner in real models: a parent may use its child's
  // weight, and a folded BatchNorm leaves its weights to the convolution.
  kReads,
  // The whole graph beside the whole source run. It has seen what kReads sees and what surrounds
  // the node, so resolution prefers it to kReads.
  kAlignment,
  // The owners of other nodes. Resolution gives it; no matcher has it.
  kOwners,
  // A word that this version does not write.
  kReserved,
  kNothing,
};

struct EvidenceFacts {
  EvidenceKind kind;
  absl::string_view word;  // The value of modelexport.evidence.
  EvidenceBasis basis;
  // Why a node has its owner where none of its candidates is that owner.
  absl::string_view without_candidate = "the innermost module around all that its evidence names";
};

// One row for each kind, in the order of the enum.
inline constexpr EvidenceFacts kEvidenceKinds[] = {
    {EvidenceKind::kCarried, "carried", EvidenceBasis::kRan},
    {EvidenceKind::kScopeMetadata, "scope_metadata", EvidenceBasis::kRan},
    {EvidenceKind::kNodeName, "node_name", EvidenceBasis::kRan},
    {EvidenceKind::kValueName, "value_name", EvidenceBasis::kRan},
    {EvidenceKind::kFxName, "fx_name", EvidenceBasis::kRan},
    {EvidenceKind::kParameter, "parameter", EvidenceBasis::kReads},
    {EvidenceKind::kFingerprint, "fingerprint", EvidenceBasis::kReads},
    {EvidenceKind::kTrace, "trace", EvidenceBasis::kAlignment},
    {EvidenceKind::kDataflow, "dataflow", EvidenceBasis::kOwners,
     "the owners of the nodes before and behind it restrict it"},
    {EvidenceKind::kInherited, "inherited", EvidenceBasis::kOwners,
     "from the node that it serves, or that holds its graph"},
    {EvidenceKind::kNone, "none", EvidenceBasis::kNothing, "nothing speaks for the node"},
};

inline constexpr int kNumEvidenceKinds =
    static_cast<int>(sizeof(kEvidenceKinds) / sizeof(kEvidenceKinds[0]));

constexpr const EvidenceFacts& FactsOf(EvidenceKind kind) {
  return kEvidenceKinds[static_cast<size_t>(kind)];
}

// As "scope_metadata".
constexpr absl::string_view NameOf(EvidenceKind kind) { return FactsOf(kind).word; }

// Whether the kind says where a node ran (EvidenceBasis::kRan).
constexpr bool IsStrong(EvidenceKind kind) { return FactsOf(kind).basis == EvidenceBasis::kRan; }

// Whether a node with this evidence got its owner from the owners of other nodes.
constexpr bool IsFromOtherOwners(EvidenceKind kind) {
  return FactsOf(kind).basis == EvidenceBasis::kOwners;
}

// The kind with this name; absent for names that this version does not know.
absl::optional<EvidenceKind> EvidenceKindOf(absl::string_view name);

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_EVIDENCE_KIND_H_
