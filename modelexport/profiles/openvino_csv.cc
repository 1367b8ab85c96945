#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/profiles/csv_rows.h"
#include "modelexport/profiles/profile_forms.h"

namespace modelexport {

absl::StatusOr<Profile> ReadOpenVinoCounters(const ByteSource& source,
                                             const ProfileOptions& options) {
  CsvRows rows(source, ';');
  std::vector<std::string> fields;
  MX_RETURN_IF_ERROR(rows.Next(&fields).status());
  MX_ASSIGN_OR_RETURN(const size_t name, FindColumn(fields, "layerName"));
  MX_ASSIGN_OR_RETURN(const size_t status, FindColumn(fields, "execStatus"));
  MX_ASSIGN_OR_RETURN(const size_t time, FindColumn(fields, "realTime (ms)"));
  const size_t num_columns = std::max({name, status, time}) + 1;
  Profile profile;
  for (size_t row = 0;; ++row) {
    MX_RETURN_IF_ERROR(CheckCancelled(options.cancelled));
    MX_ASSIGN_OR_RETURN(const bool is_row, rows.Next(&fields));
    if (!is_row) break;
    // A line "Total" has fewer columns.
    if (fields.size() < num_columns || fields[status] != "EXECUTED") continue;
    double milliseconds = 0;
    if (!absl::SimpleAtod(fields[time], &milliseconds) || !(milliseconds >= 0) ||
        !std::isfinite(milliseconds)) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", rows.line(), ": realTime (ms) is \"", fields[time], "\", no time"));
    }
    Kernel& kernel = profile.kernels.emplace_back();
    kernel.name = fields[name];
    kernel.own = 1000 * milliseconds;
    kernel.executions = 1;
  }
  return profile;
}

}  // namespace modelexport
