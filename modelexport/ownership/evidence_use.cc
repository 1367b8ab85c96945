#include "modelexport/ownership/evidence_use.h"

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

std::string WhyNot(const Matcher& matcher, const MatchResult& result, const Hierarchy& hierarchy) {
  const absl::string_view missing = matcher.MissingFrom(hierarchy);
  if (!missing.empty()) return std::string(missing);
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
    case OpsSource::kOnnx:
      return "onnx";
    case OpsSource::kNone:
      return "";
  }
  return "";
}

}  // namespace modelexport
