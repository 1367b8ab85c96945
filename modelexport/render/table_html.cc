#include "modelexport/render/table_html.h"

#include "modelexport/render/markup.h"
#include "modelexport/render/table_cells.h"

namespace modelexport {

void WriteHtmlTable(const Table& table, std::ostream& out) {
  out << "<table>\n<thead>\n<tr>";
  for (const Column& column : table.columns) {
    out << "<th scope=\"col\">" << HtmlText(ShownTitle(column)) << "</th>";
  }
  out << "</tr>\n</thead>\n<tbody>\n";
  table.ForEachRow([&](const std::vector<Cell>& row) {
    out << "<tr>";
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const ColumnType type = table.columns[i].type;
      out << (type == ColumnType::kText ? "<td>" : "<td class=\"number\">")
          << HtmlText(ShownCell(row[i], type)) << "</td>";
    }
    out << "</tr>\n";
  });
  out << "</tbody>\n</table>\n";
}

}  // namespace modelexport
