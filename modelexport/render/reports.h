// Reports as text, JSON, Markdown and HTML.
#ifndef MODELEXPORT_RENDER_REPORTS_H_
#define MODELEXPORT_RENDER_REPORTS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/report/explanation.h"
#include "modelexport/report/extract_report.h"
#include "modelexport/report/outline_report.h"
#include "modelexport/report/rename_report.h"
#include "modelexport/report/report.h"
#include "modelexport/report/strip_report.h"
#include "modelexport/report/tap_report.h"
#include "modelexport/report/validation_report.h"
#include "modelexport/validation/finding.h"

namespace modelexport {

// Of a run of `tag`: at most a screen, what the user should know at a glance.
std::string RenderSummary(const Report& report);

// All of it as text: the summary, then the lists.
std::string RenderText(const Report& report);

// All of it as a JSON object (docs/report.md).
std::string RenderJson(const Report& report);

// All of it as a document for people: tables under headings. As HTML it is one file with no script,
// and what names hold is text.
std::string RenderMarkdown(const Report& report);
std::string RenderHtml(const Report& report);

// Of a run of `strip`: a few lines.
std::string RenderText(const StripReport& report);

// Of a run of `extract`: a few lines; for several pieces, those of each after its file.
std::string RenderText(const ExtractReport& report);
std::string RenderText(const std::vector<ExtractReport>& pieces);

// Of a run of `tap`: a few lines; or a JSON object, of which docs/commands/tap.md has an example.
std::string RenderText(const TapReport& report);
std::string RenderJson(const TapReport& report);

// Of a run of `outline`: a line for each function, and a few more.
std::string RenderText(const OutlineReport& report);

// Of a run of `rename`: a few lines.
std::string RenderText(const RenameReport& report);

// Of a run of `validate`: counts, then a line for each finding; or a JSON object, of which
// docs/commands/validate.md has an example.
std::string RenderText(const ValidationReport& report);
std::string RenderJson(const ValidationReport& report);

// What findings there may be, for `modelexport help findings`.
std::string RenderText(absl::Span<const FindingCode> codes);

// Why one node has its owner, for people.
std::string RenderText(const Explanation& explanation);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_REPORTS_H_
