// A model with the owner of each of its nodes: the one value that commands start from.
//
//   MX_ASSIGN_OR_RETURN(const OwnedModel model, OwnModel(request, strategy, Stages()));
//   const Owner& owner = model.owners[node.index()];
#ifndef MODELEXPORT_OWNERSHIP_OWNED_MODEL_H_
#define MODELEXPORT_OWNERSHIP_OWNED_MODEL_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/base/stages.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/ownership/evidence_use.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/ownership/inputs.h"
#include "modelexport/ownership/sidecar_fit.h"
#include "modelexport/resolution/also_modules.h"
#include "modelexport/resolution/owner.h"
#include "modelexport/resolution/resolver.h"

namespace modelexport {

struct OwnedModel {
  LoadedModel model;
  std::unique_ptr<const Hierarchy> hierarchy;
  std::string source;  // What the hierarchy was read from: Inputs::source.

  std::vector<Owner> owners;        // By node.
  std::vector<float> confidence;    // By node: JudgeOwners(). Empty for owners that are tags.
  AlsoModules also;                 // The other modules whose work nodes do.
  std::vector<Conflict> conflicts;  // Strong kinds of evidence that name different modules.

  SidecarFit fit;                  // Whether the hierarchy describes the model at all.
  std::vector<EvidenceUse> uses;   // What became of each kind of evidence of the strategy.
  std::vector<std::string> notes;  // What was assumed or could not be read.

  const GraphView& graph() const { return *model.graph; }

  // Frees what is needed no more once the edits of the model are known. The file itself and the
  // hierarchy stay.
  void DropGraph();
};

// Reads the inputs and finds the owners, in the stages of ReadInputs() and then "match" and
// "resolve". `request.load` need not have the keys that the strategy reads. If `evidence` is not
// null it receives all that the matchers said, which must not outlive the model.
//
// With kTagsHierarchy, given or by default, the owners are those that the model is tagged with:
// nothing is matched, `strategy` is not asked, and neither `fit` nor `uses` have rows.
//
// Once `*cancelled` is true the stages end early, and the call with kCancelled; null: never.
absl::StatusOr<OwnedModel> OwnModel(InputRequest request, const Strategy& strategy,
                                    const Stages& stages,
                                    const std::atomic<bool>* cancelled = nullptr,
                                    std::unique_ptr<const Evidence>* evidence = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_OWNED_MODEL_H_
