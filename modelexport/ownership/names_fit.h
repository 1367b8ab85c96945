// How many of the scopes and parameters that a model's names speak of a hierarchy knows.
#ifndef MODELEXPORT_OWNERSHIP_NAMES_FIT_H_
#define MODELEXPORT_OWNERSHIP_NAMES_FIT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

// Different scopes, of names and of metadata, other than the root's: what a model repeats is no
// new evidence, and every model has a root. All scopes in a module below which the hierarchy has
// none are one: it may leave out parts.
struct ScopesFit {
  size_t scopes = 0;
  size_t known = 0;  // Those that name a module to their end, or such a module.
};

ScopesFit FitScopes(const MatchContext& context, const Strategy& strategy,
                    const std::vector<MatchResult>& results);

// Initializers whose names are qualified, as "fc.weight", or tell a tensor (tensor_names.h).
struct ParametersFit {
  size_t parameters = 0;
  // Those that have a tensor's name and shape, up to reordering. If the hierarchy lists no tensors:
  // those in a module that it has; all in parts that it leaves out are one.
  size_t known = 0;
  size_t resized = 0;         // Those that have a tensor's name and another shape.
  std::string first_resized;  // As `"fc.weight" is [8, 4] in the model and [16, 4] in it`.
};

ParametersFit FitParameters(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_NAMES_FIT_H_
