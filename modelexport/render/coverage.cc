#include "modelexport/render/coverage.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace modelexport {

std::string ShownCoverage(const Report& report) {
  const double percent = 100 * report.coverage();
  return absl::StrFormat("%.1f %%", percent < 100 ? std::min(percent, 99.9) : percent);
}

}  // namespace modelexport
