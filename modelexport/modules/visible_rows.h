// Which rows of a table of modules are shown, in which order, and by which names.
#ifndef MODELEXPORT_MODULES_VISIBLE_ROWS_H_
#define MODELEXPORT_MODULES_VISIBLE_ROWS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/module_rows.h"

namespace modelexport {

struct VisibleRow {
  uint32_t row = 0;    // Of ModuleRows.
  uint32_t depth = 0;  // Among those shown: 0 at the top.
  // What follows the path of the row that is shown above it: "" for the root, else one segment, or
  // more where rows between the two are not shown.
  std::string name;
};

struct RowChoice {
  uint32_t max_depth = UINT32_MAX;  // Of VisibleRow::depth.

  // Leaves out rows without nodes and parameters, and those of containers that are never called and
  // have one row below them, which then takes their names too: "encoder.layer.0-11".
  bool compact = false;

  // By module: rows that have none of these are not shown. Empty: all are.
  std::vector<bool> filter;

  // Whether the first of two rows with one parent comes first; none: the order of modules.
  std::function<bool(uint32_t, uint32_t)> before;
};

// Each row is followed by those below it. Takes time in proportion to the rows, and to sort those
// of one parent.
std::vector<VisibleRow> ChooseRows(const Hierarchy& hierarchy, const ModuleRows& rows,
                                   const FiguresOfModel& figures, const RowChoice& choice);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_VISIBLE_ROWS_H_
