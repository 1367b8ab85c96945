// Finds the nodes that do the work of several operators of the run.
#ifndef MODELEXPORT_RESOLUTION_WORK_FINDER_H_
#define MODELEXPORT_RESOLUTION_WORK_FINDER_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/evidence/trace/trace_placement.h"
#include "modelexport/resolution/found_modules.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// What is known beside the owners.
struct WorkEvidence {
  const MatchContext& context;  // That of the second round: what is settled.
  const Strategy& strategy;
  const std::vector<MatchResult>& results;  // One for each matcher of the strategy, in its order.
  const TracePlacement* placement;          // Null if the strategy does not align.
};

// By operator that is a node of a tagged model: the other modules whose work that does.
using AlsoOfOperators = absl::flat_hash_map<OpId, absl::Span<const ModuleId>>;

// Adds kOperator, kEqual and kTensor (find_also.h) to `found`, and gives nodes to the module of the
// operator that they still are. Once the context is cancelled it ends soon, unusable.
void FindWork(const WorkEvidence& evidence, const AlsoOfOperators& also_of_operators,
              std::vector<Owner>* owners, FoundModules* found);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_WORK_FINDER_H_
