#include "modelexport/commands/analyze_columns.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/nearest.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/modules/structure.h"

namespace modelexport {
namespace {

Cell OperatorsOf(const ModuleFigures& figures) {
  Cell::Counts counts;
  for (const OperatorCount& count : figures.top_operators) {
    counts.emplace_back(std::string(count.first), static_cast<int64_t>(count.second));
  }
  return counts;
}

Cell EvidenceOf(const ModuleFigures& figures) {
  Cell::Counts counts;
  for (const EvidenceFacts& kind : kEvidenceKinds) {
    const size_t count = figures.evidence[static_cast<size_t>(kind.kind)];
    if (count > 0) counts.emplace_back(std::string(kind.word), static_cast<int64_t>(count));
  }
  return counts;
}

// The modules of a row have one class.
Cell ClassOf(const Hierarchy& hierarchy, const RowFacts& row, bool short_form) {
  if (row.modules.empty()) return Cell();
  const absl::string_view name = hierarchy.module(row.modules[0]).class_name;
  if (name.empty()) return Cell();
  return short_form ? LastSegment(name) : name;
}

// Of all modules of the row together.
Cell CallsOf(const Hierarchy& hierarchy, const RowFacts& row) {
  if (row.modules.empty()) return Cell();
  int64_t calls = 0;
  for (ModuleId module : row.modules) {
    if (!hierarchy.module(module).calls.has_value()) return Cell();
    calls += *hierarchy.module(module).calls;
  }
  return calls;
}

// The most frequent label first.
Cell LabelsOf(const absl::optional<LabelColumn>& column, const RowFacts& row) {
  if (!column.has_value()) return Cell();
  std::vector<LabelCount> counts = row.row == RowFacts::kUnattributed
                                       ? column->counts.unattributed
                                       : column->counts.rows[row.row];
  std::stable_sort(counts.begin(), counts.end(),
                   [](const LabelCount& a, const LabelCount& b) { return a.second > b.second; });
  Cell::Counts named;
  named.reserve(counts.size());
  for (const auto& [label, count] : counts) {
    named.emplace_back(column->labels[label], static_cast<int64_t>(count));
  }
  return named;
}

Cell LineOf(const absl::optional<LinesOfModules>& lines, const RowFacts& row) {
  if (!lines.has_value()) return Cell();
  const std::string& line =
      row.row == RowFacts::kUnattributed ? lines->unattributed : lines->rows[row.row];
  return line.empty() ? Cell() : Cell(line);
}

}  // namespace

std::vector<AnalyzeColumn> MakeAnalyzeColumns(const ColumnData& data) {
  using Fit = Column::Fit;
  using Shown = AnalyzeColumn::Shown;
  return {
      {{"module", "module", ColumnType::kText, "", data.tree ? Fit::kCutEnd : Fit::kCutBeginning},
       [](const RowFacts& row) { return Cell(row.name); }},
      {{"class", "class", ColumnType::kText, "", Fit::kCutEnd},
       [&](const RowFacts& row) { return ClassOf(*data.hierarchy, row, data.tree); }},
      {{"calls", "calls", ColumnType::kCount},
       [&](const RowFacts& row) { return CallsOf(*data.hierarchy, row); }},
      {{"nodes.own", "own", ColumnType::kCount},
       [](const RowFacts& row) { return Cell(row.figures.own.nodes); }},
      {{"nodes.total", "nodes", ColumnType::kCount},
       [](const RowFacts& row) { return Cell(row.figures.total.nodes); }},
      {{"parameters.own", "own params", ColumnType::kQuantity},
       [](const RowFacts& row) { return Cell(row.figures.own.parameters); },
       Shown::kNotInTree},
      {{"parameters.total", "params", ColumnType::kQuantity},
       [](const RowFacts& row) {
         return Cell(row.figures.total.parameters).Marked(row.figures.shares_parameters);
       }},
      {{"bytes", "bytes", ColumnType::kBytes},
       [](const RowFacts& row) { return Cell(row.figures.total.bytes); }},
      {{"macs", "MACs", ColumnType::kOperations},
       [](const RowFacts& row) { return CostOf(row.costs.macs); },
       Shown::kWithCosts},
      {{"macs_at_least", "MACs >=", ColumnType::kOperations},
       [](const RowFacts& row) { return Cell(row.costs.macs.at_least); },
       Shown::kWithCosts},
      {{"activations", "activations", ColumnType::kBytes},
       [](const RowFacts& row) { return CostOf(row.costs.activations); },
       Shown::kWithCosts},
      {{"activations_at_least", "activations >=", ColumnType::kBytes},
       [](const RowFacts& row) { return Cell(row.costs.activations.at_least); },
       Shown::kWithCosts},
      {{"operators", "top operators", ColumnType::kText, "", Fit::kOmit},
       [](const RowFacts& row) { return OperatorsOf(row.figures); }},
      {{"evidence", "evidence", ColumnType::kText, "", Fit::kOmit},
       [](const RowFacts& row) { return EvidenceOf(row.figures); }},
      {{"precision", "precision", ColumnType::kText, "", Fit::kCutEnd},
       [&](const RowFacts& row) { return LabelsOf(data.precision, row); },
       Shown::kNotInTree},
      {{"placement", "placement", ColumnType::kText, "", Fit::kCutEnd},
       [&](const RowFacts& row) { return LabelsOf(data.placement, row); },
       Shown::kOnRequest},
      {{"line", "source line", ColumnType::kText, "", Fit::kCutBeginning},
       [&](const RowFacts& row) { return LineOf(data.lines, row); },
       Shown::kOnRequest},
  };
}

std::vector<std::string> AnalyzeColumns() {
  std::vector<std::string> names;
  for (const AnalyzeColumn& column : MakeAnalyzeColumns({})) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(column.column.key, '.');
    if (!parts.second.empty() && names.back() != parts.first &&
        !absl::StartsWith(names.back(), absl::StrCat(parts.first, "."))) {
      names.push_back(parts.first);
    }
    names.push_back(column.column.key);
  }
  return names;
}

bool IsCostColumn(absl::string_view key) {
  return absl::StartsWith(key, "macs") || absl::StartsWith(key, "activations");
}

Cell CostOf(const CostSum& sum) {
  if (!sum.is_exact() && sum.at_least == 0) return Cell();
  return Cell(sum.at_least).AtLeast(!sum.is_exact());
}

bool NamesColumn(const std::string& word, const Column& column) {
  return word == column.key || absl::StartsWith(column.key, absl::StrCat(word, "."));
}

absl::Status CheckAnalyzeColumn(const std::string& word) {
  const std::vector<std::string> names = AnalyzeColumns();
  if (std::find(names.begin(), names.end(), word) != names.end()) return absl::OkStatus();
  return UsageError(absl::StrCat("column \"", word, "\": there is none of this name",
                                 DidYouMean(word, names), "; there are ",
                                 absl::StrJoin(names, ", ")));
}

bool ComesBefore(const Cell& a, const Cell& b) {
  const auto rank = [](const Cell& cell) { return cell.value().index() == 0 ? 1 : 0; };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  const auto* number_a = absl::get_if<int64_t>(&a.value());
  const auto* number_b = absl::get_if<int64_t>(&b.value());
  if (number_a != nullptr && number_b != nullptr) return *number_a > *number_b;
  const auto* text_a = absl::get_if<std::string>(&a.value());
  const auto* text_b = absl::get_if<std::string>(&b.value());
  return text_a != nullptr && text_b != nullptr && *text_a < *text_b;
}

}  // namespace modelexport
