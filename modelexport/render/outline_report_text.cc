#include <algorithm>

#include "absl/strings/str_cat.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

constexpr size_t kMostFunctions = 20, kMostLeft = 12;

std::string Counted(size_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

std::vector<std::string> Functions(const OutlineReport& report) {
  size_t width = 0;
  for (const OutlineReport::Function& each : report.functions) {
    width = std::max(width, each.name.size());
  }
  std::vector<std::string> lines;
  for (const OutlineReport::Function& each : report.functions) {
    std::string line = absl::StrCat(each.name, std::string(width - each.name.size(), ' '), "  ",
                                    Counted(each.calls, "call"), ", ", Counted(each.nodes, "node"),
                                    ", ", Counted(each.inputs, "input"), ", ",
                                    Counted(each.outputs, "output"), ": ", each.modules[0]);
    if (each.modules.size() > 1) absl::StrAppend(&line, " to ", each.modules.back());
    lines.push_back(Printable(line));
  }
  return lines;
}

std::vector<std::string> Left(const OutlineReport& report) {
  std::vector<std::string> lines;
  for (const OutlineReport::Left& each : report.left) {
    lines.push_back(Printable(absl::StrCat(each.module, ": ", each.reason)));
  }
  return lines;
}

}  // namespace

std::string RenderText(const OutlineReport& report) {
  std::string text = Lines("functions", Functions(report), kMostFunctions);
  text += Line("main graph", absl::StrCat(report.nodes_after, " nodes, ", report.nodes_before,
                                          " before; ", report.nodes_in_functions, " in functions"));
  text += Line("bytes", absl::StrCat(report.bytes_out, ", ", report.bytes_in, " before"));
  text += Lines("left", Left(report), kMostLeft);
  return absl::StrCat(text, Lines("warnings", report.warnings),
                      ValidationLine(report.validation, report.findings),
                      Lines("", report.findings), TimeLine(report.stages));
}

}  // namespace modelexport
