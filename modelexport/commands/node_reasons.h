// Why nodes have their owners, for people.
#ifndef MODELEXPORT_COMMANDS_NODE_REASONS_H_
#define MODELEXPORT_COMMANDS_NODE_REASONS_H_

#include <atomic>
#include <string>
#include <vector>

#include "modelexport/evidence/candidate.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/ownership/owned_model.h"

namespace modelexport {

// Whether `candidate`, proposed by evidence of `kind`, is what the owner was decided by.
bool Won(const Owner& owner, EvidenceKind kind, const Candidate& candidate);

// By node: the reason of the candidate that won, as `explain` has it; "" for a node without one, as
// are those that have the owner of their neighbours. Very long ones are cut.
//
// `evidence` is what OwnModel() gave for `owned` and `strategy`. Takes time in proportion to
// candidates and the inputs of nodes. Ends early once `*cancelled` is true; null: never.
std::vector<std::string> NodeReasons(const OwnedModel& owned, const Strategy& strategy,
                                     const Evidence& evidence, const std::atomic<bool>* cancelled);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_NODE_REASONS_H_
