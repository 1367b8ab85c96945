#include <algorithm>

#include "absl/strings/str_cat.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

constexpr size_t kMostValues = 12;

std::vector<std::string> Described(const std::vector<ExtractReport::Value>& values) {
  std::vector<std::string> lines;
  for (const ExtractReport::Value& value : values) {
    lines.push_back(Printable(absl::StrCat(value.type, "  ", value.name)));
  }
  return lines;
}

std::string Kept(const ExtractReport& report) {
  return absl::StrCat(report.nodes, " of ", report.nodes_in_all, " nodes, ", report.initializers,
                      " of ", report.initializers_in_all, " initializers");
}

}  // namespace

std::string RenderText(const ExtractReport& report) {
  std::string text = Line("extracted", Printable(report.modules));
  text += Line("kept", Kept(report));
  text += Lines("inputs", Described(report.inputs), kMostValues);
  text += Lines("outputs", Described(report.outputs), kMostValues);
  if (!report.data.empty()) {
    text +=
        Line("data file", absl::StrCat(Printable(report.data), ", ", report.data_bytes, " bytes"));
  }
  return absl::StrCat(text, Lines("warnings", report.warnings),
                      ValidationLine(report.validation, report.findings),
                      Lines("", report.findings), TimeLine(report.stages));
}

std::string RenderText(const std::vector<ExtractReport>& pieces) {
  std::string text;
  for (const ExtractReport& piece : pieces) {
    if (!text.empty()) text += "\n";
    absl::StrAppend(&text, Line("piece", piece.output), RenderText(piece));
  }
  return text;
}

}  // namespace modelexport
