#include "modelexport/render/share.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace modelexport {

std::string ShownShare(double share) {
  const double percent = 100 * share;
  return absl::StrFormat("%.1f %%", percent < 100 ? std::min(percent, 99.9) : percent);
}

}  // namespace modelexport
