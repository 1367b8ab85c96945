#include <map>

#include "absl/strings/str_cat.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

constexpr size_t kMostValues = 12;
constexpr size_t kMostReasons = 8;

std::string Counted(size_t count, absl::string_view thing) {
  return absl::StrCat(count, " ", thing, count == 1 ? "" : "s");
}

std::vector<std::string> Added(const TapReport& report) {
  std::map<std::string, std::string> types;
  for (const TapReport::Call& call : report.calls) {
    for (const TapReport::Output& output : call.outputs) types.emplace(output.value, output.type);
  }
  std::vector<std::string> lines;
  for (const std::string& value : report.added) {
    lines.push_back(Printable(absl::StrCat(types[value], "  ", value)));
  }
  return lines;
}

std::string NameOf(const TapReport::Call& call) {
  return Printable(
      absl::StrCat(call.module.empty() ? "." : call.module,
                   call.call.value_or(0) > 0 ? absl::StrCat(", call ", *call.call) : ""));
}

// A line for each reason, with the first call that has it.
std::vector<std::string> Reasons(const TapReport& report) {
  std::vector<std::string> order;
  std::map<std::string, std::pair<std::string, size_t>> reasons;
  for (const TapReport::Call& call : report.calls) {
    if (call.why.empty()) continue;
    const auto found = reasons.emplace(call.why, std::make_pair(NameOf(call), size_t{0}));
    if (found.second) order.push_back(call.why);
    ++found.first->second.second;
  }
  std::vector<std::string> lines;
  for (const std::string& why : order) {
    const auto& reason = reasons[why];
    const std::string others =
        reason.second > 1 ? absl::StrCat(" and ", Counted(reason.second - 1, "other")) : "";
    lines.push_back(absl::StrCat(reason.first, others, ": ", why));
  }
  return lines;
}

}  // namespace

std::string RenderText(const TapReport& report) {
  std::string text = Line(
      "tapped", absl::StrCat(report.tapped(), " of ", Counted(report.calls.size(), "module call")));
  text += Lines("outputs", Added(report), kMostValues);
  text += Lines("without", Reasons(report), kMostReasons);
  return absl::StrCat(text, Lines("warnings", report.warnings),
                      ValidationLine(report.validation, report.findings),
                      Lines("", report.findings), TimeLine(report.stages));
}

}  // namespace modelexport
