// Names of operators, tested by what is read: exporters number them, so in a file of another run
// `add_7` may be what is `add_6` in this one.
#ifndef MODELEXPORT_EVIDENCE_NAMES_OP_FLOW_H_
#define MODELEXPORT_EVIDENCE_NAMES_OP_FLOW_H_

#include <string>

#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/names/op_reads.h"

namespace modelexport {

// Where names are another run's, finds the kinds ("add" of "add_7") whose names are, and replaces
// the operators of these: by the one of the kind that reads in the run what the nodes read, or by
// an invalid id if there is none or more than one. Returns what was done, for the report, or "". Of
// more than sixteen kinds the rarest are tested as one; if more than six are false, all are.
//
// Nodes should be sorted topologically; in unsorted graphs less is compared. Takes time in
// proportion to both sides.
//
// If the hierarchy is not of the exported program and hardly any name is confirmed, none is left.
std::string TestNames(const MatchContext& context, NamedOps* named);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_OP_FLOW_H_
