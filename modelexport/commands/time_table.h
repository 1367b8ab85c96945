// The table of `modelexport profile`.
#ifndef MODELEXPORT_COMMANDS_TIME_TABLE_H_
#define MODELEXPORT_COMMANDS_TIME_TABLE_H_

#include <vector>

#include "modelexport/commands/measured_model.h"
#include "modelexport/commands/profile.h"

namespace modelexport {

// The table of `measured` as the request wants it, and what is said beside it. `other` is that of
// request.against, or null. `filter` is by module of `measured`: rows without any of these are not
// shown; empty: all are.
ModuleProfile TabulateTimes(const ProfileRequest& request, const MeasuredModel& measured,
                            const MeasuredModel* other, const std::vector<bool>& filter);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_TIME_TABLE_H_
