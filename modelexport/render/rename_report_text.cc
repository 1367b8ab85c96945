#include "absl/strings/str_cat.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

std::string Values(size_t values) {
  return absl::StrCat(values, values == 1 ? " value" : " values");
}

}  // namespace

std::string RenderText(const RenameReport& report) {
  std::string counts = absl::StrCat(report.nodes, " of ", report.nodes_in_all, " nodes");
  if (report.values > 0) absl::StrAppend(&counts, ", ", Values(report.values));
  return absl::StrCat(Line(report.undone ? "old names" : "renamed", counts),
                      Lines("warnings", report.warnings),
                      ValidationLine(report.validation, report.findings),
                      Lines("", report.findings), TimeLine(report.stages));
}

}  // namespace modelexport
