// The table of `modelexport profile`.
#ifndef MODELEXPORT_COMMANDS_TIME_TABLE_H_
#define MODELEXPORT_COMMANDS_TIME_TABLE_H_

#include <vector>

#include "absl/types/span.h"
#include "modelexport/commands/measured_model.h"
#include "modelexport/commands/profile.h"
#include "modelexport/costs/node_costs.h"

namespace modelexport {

// What the table is made of. What it refers to must outlive the call.
struct TimeTableInput {
  const MeasuredModel& measured;
  const MeasuredModel* other = nullptr;  // That of request.against, if there is one.
  // By module of `measured`: rows without any of these are not shown. Empty: all are.
  const std::vector<bool>& filter;
  absl::Span<const NodeCost> costs;  // By node of `measured`; empty: there is no column of them.
};

// The table as the request wants it, and what is said beside it.
ModuleProfile TabulateTimes(const ProfileRequest& request, const TimeTableInput& input);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_TIME_TABLE_H_
