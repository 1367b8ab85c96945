#include "modelexport/render/report_sections.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/render/share.h"

namespace modelexport {
namespace {

using Counts = std::vector<std::pair<std::string, size_t>>;
using Row = std::vector<Cell>;

Column Text(const std::string& title) { return {title, title}; }
Column Count(const std::string& title) { return {title, title, ColumnType::kCount}; }

ReportSection SectionOf(std::string title, std::vector<Column> columns) {
  ReportSection section;
  section.title = std::move(title);
  section.table.columns = std::move(columns);
  return section;
}

ReportSection Run(const Report& report) {
  ReportSection section = SectionOf("Run", {Text("what"), Text("value")});
  section.table.rows = {{"model", report.model},
                        {"hierarchy", report.hierarchy},
                        {"output", report.output},
                        {"strategy", report.strategy},
                        {"presets", Cell(report.presets)}};
  const auto add = [&](const char* what, std::string text) {
    if (!text.empty()) section.table.rows.push_back({what, std::move(text)});
  };
  add("validation", report.validation);
  add("operators of the sidecar from", report.ops_source);
  add("coverage", ShownShare(report.coverage()));
  add("expected exact", ShownShare(report.expected_exact()));
  return section;
}

ReportSection Numbers(const Report& report) {
  ReportSection section = SectionOf("Numbers", {Text("what"), Count("number")});
  section.table.rows = {
      {"nodes", report.nodes},
      {"tagged", report.tagged},
      {"that do the work of several modules", report.of_several},
      {"in functions never called", report.in_uncalled_functions},
      {"whose owner is doubtful", report.doubtful},
      {"of the root, as evidence says", report.named_root},
      {"of the root, as nothing speaks for them", report.unexplained},
      {"graphs of training_info", report.training_graphs},
      {"modules", report.modules},
      {"modules called", report.calls_known ? Cell(report.called_modules) : Cell()},
      {"modules with nodes", report.nodes_by_module.size()},
      {"calls of the sidecar", report.calls},
      {"operators of the sidecar", report.ops},
      {"bytes of the input", report.bytes_in},
      {"bytes of the output", report.bytes_out},
      {"bytes copied", report.bytes_out - report.bytes_new},
      {"bytes new", report.bytes_new},
  };
  return section;
}

ReportSection List(std::string title, const std::string& column,
                   const std::vector<std::string>& texts) {
  ReportSection section = SectionOf(std::move(title), {Text(column)});
  for (const std::string& text : texts) section.table.rows.push_back({text});
  return section;
}

ReportSection Evidence(const Report& report) {
  ReportSection section = SectionOf(
      "Evidence", {Text("evidence"), Count("nodes"), {"share", "share", ColumnType::kShare}});
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    const size_t nodes = report.by_evidence[i];
    if (nodes == 0) continue;
    const double share = static_cast<double>(nodes) / static_cast<double>(report.nodes);
    section.table.rows.push_back({NameOf(static_cast<EvidenceKind>(i)), nodes, share});
  }
  return section;
}

ReportSection Used(const Report& report) {
  ReportSection section =
      SectionOf("What was used", {Text("evidence"), Count("nodes"), Text("why not")});
  for (const Report::Use& use : report.uses) {
    section.table.rows.push_back({use.kind, use.nodes, use.why_not});
  }
  return section;
}

ReportSection Offers(const Report& report) {
  ReportSection section = SectionOf(
      "Names of the model", {Text("kind"), Count("in the model"), Count("in the hierarchy")});
  for (const Report::Offer& offer : report.offers) {
    section.table.rows.push_back({offer.kind, offer.offered, offer.resolved});
  }
  return section;
}

ReportSection Counted(std::string title, const std::string& column, const Counts& counts) {
  ReportSection section = SectionOf(std::move(title), {Text(column), Count("nodes")});
  for (const auto& [name, nodes] : counts) section.table.rows.push_back({name, nodes});
  return section;
}

ReportSection Times(const Report& report) {
  ReportSection section =
      SectionOf("Time", {Text("stage"), {"time", "time", ColumnType::kMicroseconds}});
  for (const StageTime& stage : report.stages) {
    section.table.rows.push_back({stage.name, 1e6 * stage.seconds});
  }
  return section;
}

// The root has no path.
ReportSection OfModules(ReportSection section) {
  for (Row& row : section.table.rows) {
    const auto* path = absl::get_if<std::string>(&row[0].value());
    if (path != nullptr && path->empty()) row[0] = "(root)";
  }
  return section;
}

}  // namespace

std::vector<ReportSection> SectionsOf(const Report& report) {
  std::vector<ReportSection> sections = {
      Run(report),
      List("Findings", "finding", report.findings),
      List("Warnings", "warning", report.warnings),
      List("Notes", "note", report.notes),
      Numbers(report),
      Evidence(report),
      Used(report),
      Offers(report),
      Counted("Nodes that nothing speaks for", "operator", report.unexplained_operators),
      Times(report),
      OfModules(Counted("Nodes by module", "module", report.nodes_by_module)),
      OfModules(List(report.calls_known ? "Modules called without nodes" : "Modules without nodes",
                     "module", report.called_without_nodes))};
  std::vector<ReportSection> filled;
  for (ReportSection& section : sections) {
    if (!section.table.rows.empty()) filled.push_back(std::move(section));
  }
  return filled;
}

}  // namespace modelexport
