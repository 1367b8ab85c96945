#include "absl/strings/str_cat.h"
#include "modelexport/render/markup.h"
#include "modelexport/render/table.h"
#include "modelexport/render/table_cells.h"

namespace modelexport {

void WriteMarkdown(const Table& table, std::ostream& out) {
  std::string titles = "|", rule = "|";
  for (const Column& column : table.columns) {
    absl::StrAppend(&titles, " ", MarkdownText(ShownTitle(column)), " |");
    absl::StrAppend(&rule, column.type == ColumnType::kText ? " --- |" : " ---: |");
  }
  out << titles << "\n" << rule << "\n";
  table.ForEachRow([&](const std::vector<Cell>& row) {
    out << "|";
    for (size_t i = 0; i < table.columns.size(); ++i) {
      out << " " << MarkdownText(ShownCell(row[i], table.columns[i].type)) << " |";
    }
    out << "\n";
  });
}

}  // namespace modelexport
