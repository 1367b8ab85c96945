// Cells as people read them; what text and Markdown share.
#ifndef MODELEXPORT_RENDER_TABLE_CELLS_H_
#define MODELEXPORT_RENDER_TABLE_CELLS_H_

#include <string>

#include "modelexport/render/table.h"

namespace modelexport {

// The title with its unit, control characters escaped.
std::string ShownTitle(const Column& column);

// The cell in the form of its column, control characters escaped; "?" if it is unknown.
std::string ShownCell(const Cell& cell, ColumnType type);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_TABLE_CELLS_H_
