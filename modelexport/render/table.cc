#include "modelexport/render/table.h"

#include <sstream>

#include "modelexport/render/table_cells.h"

namespace modelexport {

void WriteTable(const Table& table, TableFormat format, const TextStyle& style, std::ostream& out) {
  switch (format) {
    case TableFormat::kText:
      return WriteText(table, style, out);
    case TableFormat::kJson:
      return WriteJson(table, out);
    case TableFormat::kCsv:
      return WriteCsv(table, out);
    case TableFormat::kMarkdown:
      return WriteMarkdown(table, out);
  }
}

std::string RenderTable(const Table& table, TableFormat format, const TextStyle& style) {
  std::ostringstream out;
  WriteTable(table, format, style, out);
  return out.str();
}

}  // namespace modelexport
