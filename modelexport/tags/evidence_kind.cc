#include "modelexport/tags/evidence_kind.h"

namespace modelexport {
namespace {

constexpr absl::string_view kNames[kNumEvidenceKinds] = {
    "scope_metadata", "node_name", "value_name", "fx_name", "parameter", "fingerprint",
    "trace",          "dataflow",  "inherited",  "carried", "none",
};

}  // namespace

absl::string_view NameOf(EvidenceKind kind) { return kNames[static_cast<int>(kind)]; }

absl::optional<EvidenceKind> EvidenceKindOf(absl::string_view name) {
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    if (kNames[i] == name) return static_cast<EvidenceKind>(i);
  }
  return absl::nullopt;
}

}  // namespace modelexport
