#include "absl/strings/str_cat.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

std::string Removed(const StripReport& report) {
  if (report.entries == 0) {
    return Line("removed", absl::StrCat("nothing: no keys of ", report.removed));
  }
  return Line("removed",
              absl::StrCat(report.entries, " entries with keys of ", report.removed, ", from ",
                           report.nodes, " of ", report.nodes_in_all, " nodes and the model"));
}

}  // namespace

std::string RenderText(const StripReport& report) {
  std::string text = Removed(report);
  if (report.names > 0) text += Line("old names", absl::StrCat(report.names, " given back"));
  if (!report.left.empty()) text += Line("left", report.left);
  if (report.entries == 0 && report.bytes_out == report.bytes_in && report.bytes_out > 0) {
    text += Line("output", "a copy of the input, byte for byte");
  }
  return absl::StrCat(text, Lines("warnings", report.warnings),
                      ValidationLine(report.validation, report.findings),
                      Lines("", report.findings), TimeLine(report.stages));
}

}  // namespace modelexport
