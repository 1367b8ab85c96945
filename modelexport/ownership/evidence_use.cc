#include "modelexport/ownership/evidence_use.h"

#include <algorithm>
#include <utility>

namespace modelexport {
namespace {

size_t CountNodes(const MatchResult& result) {
  size_t nodes = 0;
  NodeId last;
  for (const Candidate& candidate : result.candidates) {
    nodes += candidate.node != last;
    last = candidate.node;
  }
  return nodes;
}

// What the evidence needs and the sidecar lacks; "" if it lacks nothing.
std::string MissingFor(EvidenceKind kind, const Hierarchy& hierarchy) {
  switch (kind) {
    case EvidenceKind::kFxName:
      if (hierarchy.ops().empty()) return "the sidecar has no ops";
      if (hierarchy.ops_source() == OpsSource::kExportedProgram) return "";
      return "the sidecar's ops are not of the exported program";
    case EvidenceKind::kTrace:
      return hierarchy.ops().empty() ? "the sidecar has no ops" : "";
    case EvidenceKind::kFingerprint: {
      const auto has_stats = [](const Tensor& tensor) { return tensor.stats.has_value(); };
      const std::vector<Tensor>& tensors = hierarchy.tensors();
      const bool any = std::any_of(tensors.begin(), tensors.end(), has_stats);
      return any ? "" : "the sidecar has no stats of tensors";
    }
    default:
      return "";
  }
}

std::string WhyNot(const Matcher& matcher, const MatchResult& result, const Hierarchy& hierarchy) {
  std::string missing = MissingFor(matcher.kind(), hierarchy);
  if (!missing.empty()) return missing;
  if (result.offer.offered > 0) return "nothing of it resolves";
  return matcher.second_round() ? "nothing is left for it" : "the model has none";
}

}  // namespace

std::vector<EvidenceUse> EvidenceUsed(const MatchContext& context, const Strategy& strategy,
                                      const std::vector<MatchResult>& results) {
  std::vector<EvidenceUse> uses;
  for (size_t i = 0; i < results.size(); ++i) {
    const Matcher& matcher = *strategy.matchers[i];
    EvidenceUse use{matcher.kind(), CountNodes(results[i]), ""};
    if (use.nodes == 0) use.why_not = WhyNot(matcher, results[i], context.hierarchy);
    uses.push_back(std::move(use));
  }
  return uses;
}

absl::string_view NameOf(OpsSource source) {
  switch (source) {
    case OpsSource::kExportedProgram:
      return "exported_program";
    case OpsSource::kTorchExport:
      return "torch_export";
    case OpsSource::kDispatch:
      return "dispatch";
    case OpsSource::kNone:
      return "";
  }
  return "";
}

}  // namespace modelexport
