// Coverage as people are shown it.
#ifndef MODELEXPORT_RENDER_COVERAGE_H_
#define MODELEXPORT_RENDER_COVERAGE_H_

#include <string>

#include "modelexport/report/report.h"

namespace modelexport {

// "80.0 %"; never "100.0 %" unless all nodes are covered.
std::string ShownCoverage(const Report& report);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_COVERAGE_H_
