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

void WriteMarkdown(const Table& table, std::ostream& out) {
  std::string titles = "|", rule = "|";
  for (const Column& column : table.columns) {
    absl::StrAppend(&titles, " ", Escaped(ShownTitle(column)), " |");
    absl::StrAppend(&rule, column.type == ColumnType::kText ? " --- |" : " ---: |");
  }
  out << titles << "\n" << rule << "\n";
  table.ForEachRow([&](const std::vector<Cell>& row) {
    out << "|";
    for (size_t i = 0; i < table.columns.size(); ++i) {
      out << " " << Escaped(ShownCell(row[i], table.columns[i].type)) << " |";
    }
    out << "\n";
  });
}

}  // namespace modelexport
