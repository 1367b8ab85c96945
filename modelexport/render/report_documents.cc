#include <sstream>

#include "absl/strings/str_cat.h"
#include "modelexport/render/markup.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/report_sections.h"
#include "modelexport/render/reports.h"
#include "modelexport/render/table_html.h"

namespace modelexport {
namespace {

// What is not text has no way in, should a browser ever read some of it otherwise.
constexpr absl::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<style>
body { font: 14px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 0.4rem; }
table { border-collapse: collapse; }
th { text-align: left; }
th, td { border-bottom: 1px solid #8886; padding: 0.15rem 1rem 0.15rem 0; vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
</style>
)";

std::string TitleOf(const Report& report) {
  return absl::StrCat("Modules of ", Printable(report.model));
}

}  // namespace

std::string RenderMarkdown(const Report& report) {
  std::ostringstream out;
  out << "# " << MarkdownText(TitleOf(report)) << "\n";
  for (const ReportSection& section : SectionsOf(report)) {
    out << "\n## " << section.title << "\n\n";
    WriteTable(section.table, TableFormat::kMarkdown, {}, out);
  }
  return out.str();
}

std::string RenderHtml(const Report& report) {
  const std::string title = HtmlText(TitleOf(report));
  std::ostringstream out;
  out << kHead << "<title>" << title << "</title>\n</head>\n<body>\n<h1>" << title << "</h1>\n";
  for (const ReportSection& section : SectionsOf(report)) {
    out << "<h2>" << HtmlText(section.title) << "</h2>\n";
    WriteHtmlTable(section.table, out);
  }
  out << "</body>\n</html>\n";
  return out.str();
}

}  // namespace modelexport
