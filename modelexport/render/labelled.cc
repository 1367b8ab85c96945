#include "modelexport/render/labelled.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "modelexport/render/printable.h"

namespace modelexport {

std::string Line(absl::string_view label, absl::string_view text) {
  return absl::StrFormat("%-11s %s\n", label, Printable(text));
}

std::string Lines(absl::string_view label, const std::vector<std::string>& texts, size_t most) {
  std::string lines;
  for (size_t i = 0; i < texts.size() && i < most; ++i)
    lines += Line(i == 0 ? label : "", texts[i]);
  if (texts.size() > most) lines += Line("", absl::StrCat("and ", texts.size() - most, " more"));
  return lines;
}

std::string ValidationLine(absl::string_view level, const std::vector<std::string>& findings) {
  if (level.empty() || level == "off") return level.empty() ? "" : Line("validation", "off");
  const size_t found = findings.size();
  return Line("validation", absl::StrCat(level, ", ", found == 0 ? "no" : absl::StrCat(found),
                                         found == 1 ? " finding" : " findings"));
}

std::string TimeLine(const std::vector<StageTime>& stages) {
  if (stages.empty()) return "";
  double total = 0;
  std::vector<std::string> parts;
  for (const StageTime& stage : stages) {
    total += stage.seconds;
    parts.push_back(absl::StrFormat("%s %.1f", stage.name, 1e3 * stage.seconds));
  }
  return Line("time", absl::StrFormat("%.1f ms: %s", 1e3 * total, absl::StrJoin(parts, ", ")));
}

}  // namespace modelexport
