// Figures of a profile from its runs.
#ifndef MODELEXPORT_PROFILES_KEPT_RUNS_H_
#define MODELEXPORT_PROFILES_KEPT_RUNS_H_

#include <cstddef>

#include "modelexport/profiles/profile.h"
#include "modelexport/profiles/run_splitter.h"

namespace modelexport {

// Sets the figures of `profile->kernels`, its `runs` and `outside`, and adds notes.
//
// The first `warmup` runs are left out, but never all. Of four or more that are left, those are
// kept whose kernel time is between the quartiles: at least half of them. So one slow run does no
// harm, and figures are still sums: they add up exactly where the profile's times are whole
// numbers.
void SumKeptRuns(const RecordedRuns& recorded, size_t warmup, Profile* profile);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_KEPT_RUNS_H_
