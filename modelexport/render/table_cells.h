// Cells as people read them, which text, Markdown and HTML share, and what writes each format.
#ifndef MODELEXPORT_RENDER_TABLE_CELLS_H_
#define MODELEXPORT_RENDER_TABLE_CELLS_H_

#include <ostream>
#include <string>

#include "modelexport/render/table.h"

namespace modelexport {

// The title with its unit, control characters escaped.
std::string ShownTitle(const Column& column);

// The cell in the form of its column, with its mark, control characters escaped; "?" if it is
// unknown.
std::string ShownCell(const Cell& cell, ColumnType type);

// "MatMul 12, Add 3".
std::string ShownCounts(const Cell::Counts& counts);

void WriteText(const Table& table, const TextStyle& style, std::ostream& out);
void WriteJson(const Table& table, std::ostream& out);
void WriteCsv(const Table& table, std::ostream& out);
void WriteMarkdown(const Table& table, std::ostream& out);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_TABLE_CELLS_H_
