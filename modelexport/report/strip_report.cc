#include "modelexport/report/strip_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace modelexport {
namespace {

std::string Line(absl::string_view label, absl::string_view text) {
  return absl::StrFormat("%-11s %s\n", label, text);
}

std::string Lines(absl::string_view label, const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string& text : texts) lines += Line(lines.empty() ? label : "", text);
  return lines;
}

std::string Removed(const StripReport& report) {
  if (report.entries == 0) {
    return Line("removed", absl::StrCat("nothing: no keys of ", report.removed));
  }
  return Line("removed",
              absl::StrCat(report.entries, " entries with keys of ", report.removed, ", from ",
                           report.nodes, " of ", report.nodes_in_all, " nodes and the model"));
}

std::string Validation(const StripReport& report) {
  if (report.validation.empty()) return "";
  if (report.validation == "off") return Line("validation", "off");
  const size_t found = report.findings.size();
  return Line("validation", absl::StrCat(report.validation, ", ",
                                         found == 0 ? "no" : absl::StrCat(found), " findings"));
}

std::string Times(const StripReport& report) {
  double total = 0;
  std::vector<std::string> parts;
  for (const StageTime& stage : report.stages) {
    total += stage.seconds;
    parts.push_back(absl::StrFormat("%s %.1f", stage.name, 1e3 * stage.seconds));
  }
  return Line("time", absl::StrFormat("%.1f ms: %s", 1e3 * total, absl::StrJoin(parts, ", ")));
}

}  // namespace

std::string RenderText(const StripReport& report) {
  std::string text = Removed(report);
  if (!report.left.empty()) text += Line("left", report.left);
  if (report.entries == 0 && report.bytes_out == report.bytes_in && report.bytes_out > 0) {
    text += Line("output", "a copy of the input, byte for byte");
  }
  return absl::StrCat(text, Lines("warnings", report.warnings), Validation(report),
                      Lines("", report.findings), Times(report));
}

}  // namespace modelexport
