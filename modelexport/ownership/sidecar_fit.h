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
  // One for each matcher of the strategy that judges sidecars, then "parameter names".
  std::vector<Row> rows;

  // False if the model offers names and of each kind that it offers less than 5 % resolves. A
  // model that offers nothing says nothing against the hierarchy.
  bool plausible = true;
};

// `results` holds what each matcher of `strategy` returned for `context`. Parameter names are the
// names of initializers that have a dot, as qualified names do. One resolves if a tensor has the
// name, or a module below the root has the beginning of it.
SidecarFit JudgeSidecar(const MatchContext& context, const Strategy& strategy,
                        const std::vector<MatchResult>& results);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_SIDECAR_FIT_H_
