#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "modelexport/render/table.h"
#include "modelexport/render/table_cells.h"

namespace modelexport {
namespace {

constexpr absl::string_view kInterpreted = "\\`*_|<[&~";

std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char byte : text) {
    if (absl::StrContains(kInterpreted, absl::string_view(&byte, 1))) escaped += '\\';
    escaped += byte;
  }
  return escaped;
}

}  // namespace

std::string RenderTableMarkdown(const Table& table) {
  std::string titles = "|", rule = "|", rows;
  for (const Column& column : table.columns) {
    absl::StrAppend(&titles, " ", Escaped(ShownTitle(column)), " |");
    absl::StrAppend(&rule, column.type == ColumnType::kText ? " --- |" : " ---: |");
  }
  for (const std::vector<Cell>& row : table.rows) {
    rows += "|";
    for (size_t i = 0; i < table.columns.size(); ++i) {
      absl::StrAppend(&rows, " ", Escaped(ShownCell(row[i], table.columns[i].type)), " |");
    }
    rows += "\n";
  }
  return absl::StrCat(titles, "\n", rule, "\n", rows);
}

}  // namespace modelexport
