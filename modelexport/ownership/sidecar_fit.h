// Whether a hierarchy describes a model at all.
#ifndef MODELEXPORT_OWNERSHIP_SIDECAR_FIT_H_
#define MODELEXPORT_OWNERSHIP_SIDECAR_FIT_H_

#include <string>
#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

// What the model offers, by kind, and how much of it names something in the hierarchy.
struct SidecarFit {
  struct Row {
    std::string kind;
    Offer offer;
  };
  // One for each matcher of the strategy that judges sidecars, then "parameter names". Where the
  // hierarchy is not plausible and weights were compared, "weights" and "shapes of weights" too.
  std::vector<Row> rows;

  // Whether names, metadata, and contents and shapes of weights speak for the hierarchy, as a whole
  // and more than chance would (docs/matching.md). A model that offers none of these says nothing
  // against it; names of operators alone, and the alignment, fit many models.
  bool plausible = true;

  // Examples of what fits a hierarchy that is not plausible, one for each kind.
  std::vector<std::string> fitting;

  // What has the name of a tensor and another shape: `5 of 8 parameters differ in shape, as ...`,
  // with more before it where nearly all have the names; "" if nothing has. The hierarchy may be
  // plausible all the same: that of a model with another head.
  std::string resized;
};

// `results` holds what each matcher of `strategy` returned for `context`, which is that of the
// second round. "parameter names" are those of ParametersFit (names_fit.h). Weights are looked at
// (weights_fit.h) if the strategy reads tensors.
SidecarFit JudgeSidecar(const MatchContext& context, const Strategy& strategy,
                        const std::vector<MatchResult>& results);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_SIDECAR_FIT_H_
