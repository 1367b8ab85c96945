#include "modelexport/ownership/owned_model.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/threads.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/trace/trace_placement.h"
#include "modelexport/files/folder.h"
#include "modelexport/ownership/confidence.h"
#include "modelexport/ownership/owners_from_tags.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/resolution/find_also.h"
#include "modelexport/tags/node_tags.h"

namespace modelexport {
namespace {

void DescribeEvidence(const MatchContext& context, const Strategy& strategy,
                      const std::vector<MatchResult>& results, OwnedModel* owned) {
  for (const MatchResult& result : results) {
    owned->notes.insert(owned->notes.end(), result.notes.begin(), result.notes.end());
  }
  owned->fit = JudgeSidecar(context, strategy, results);
  if (owned->fit.plausible && !owned->fit.resized.empty())
    owned->notes.push_back(owned->fit.resized);
  owned->uses = EvidenceUsed(context, strategy, results);
}

// The alignment that was made; null if none was.
const TracePlacement* PlacementIn(const Evidence& evidence, const Strategy& strategy) {
  if (evidence.context.hierarchy.ops().empty()) return nullptr;
  const bool aligns = absl::c_any_of(strategy.matchers, [](const auto& matcher) {
    return FactsOf(matcher->kind()).basis == EvidenceBasis::kAlignment;
  });
  return aligns ? &PlacementOf(evidence.context) : nullptr;
}

void TakeTags(OwnedModel* owned) {
  TaggedOwners tagged = OwnersFromTags(owned->graph(), *owned->hierarchy);
  owned->owners = std::move(tagged.owners);
  owned->also = std::move(tagged.also);
  owned->notes = std::move(tagged.notes);
}

}  // namespace

void OwnedModel::DropGraph() {
  owners = std::vector<Owner>();  // Of `{}`, a vector keeps its memory.
  confidence = std::vector<float>();
  also = {};
  conflicts = std::vector<Conflict>();
  model.graph.reset();
  model.index.reset();
}

absl::StatusOr<OwnedModel> OwnModel(InputRequest request, const Strategy& strategy,
                                    const Stages& stages, const std::atomic<bool>* cancelled,
                                    std::unique_ptr<const Evidence>* evidence) {
  const bool may_use_tags = request.hierarchy.empty() || request.hierarchy == kTagsHierarchy;
  if (may_use_tags) {
    for (std::string& key : NodeTagKeys()) request.load.push_back(std::move(key));
  }
  for (std::string& key : strategy.KeysToLoad()) request.load.push_back(std::move(key));
  MX_ASSIGN_OR_RETURN(Inputs inputs, ReadInputs(request, stages));
  OwnedModel owned;
  owned.model = std::move(inputs.model);
  owned.hierarchy = std::move(inputs.hierarchy);
  owned.source = std::move(inputs.source);
  owned.notes = std::move(inputs.notes);
  if (owned.source == kNamesHierarchy && request.hierarchy == kEmbeddedHierarchy) {
    owned.notes.push_back("the model carries no hierarchy: modules are read off its names");
  }
  if (owned.source == kTagsHierarchy) {
    MX_RETURN_IF_ERROR(stages.Run("resolve", [&] {
      TakeTags(&owned);
      return absl::OkStatus();
    }));
    if (evidence != nullptr) evidence->reset();
    return owned;
  }
  const MatchContext context(owned.graph(), *owned.hierarchy, FolderOf(request.model), cancelled);
  std::unique_ptr<const Evidence> gathered;
  MX_RETURN_IF_ERROR(stages.Run("match", [&] {
    const bool two_threads = owned.model.source->size() >= kWorthAThread;
    gathered = std::make_unique<const Evidence>(GatherEvidence(context, strategy, two_threads));
    return CheckCancelled(cancelled);
  }));
  MX_RETURN_IF_ERROR(stages.Run("resolve", [&] {
    Resolution resolution = Resolve(context, strategy, gathered->results);
    MX_RETURN_IF_ERROR(CheckCancelled(cancelled));
    const WorkEvidence found = {gathered->context, strategy, gathered->results,
                                PlacementIn(*gathered, strategy)};
    owned.also = FindAlso(found, &resolution);
    MX_RETURN_IF_ERROR(CheckCancelled(cancelled));
    owned.owners = std::move(resolution.owners);
    owned.confidence = JudgeOwners(found, owned.owners);
    MX_RETURN_IF_ERROR(CheckCancelled(cancelled));
    owned.conflicts = std::move(resolution.conflicts);
    DescribeEvidence(gathered->context, strategy, gathered->results, &owned);
    return absl::OkStatus();
  }));
  if (evidence != nullptr) *evidence = std::move(gathered);
  return owned;
}

}  // namespace modelexport
