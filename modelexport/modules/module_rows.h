// The modules of a hierarchy as rows of a table, equal siblings folded into one.
#ifndef MODELEXPORT_MODULES_MODULE_ROWS_H_
#define MODELEXPORT_MODULES_MODULE_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

struct ModuleRow {
  std::vector<ModuleId> modules;  // At least one; all of equal structure, with equal parents' rows.
  uint32_t siblings = 1;  // How many of `modules`, from the front, have one parent and so one name.
  uint32_t parent = 0;    // A row; of the root its own.
  uint32_t depth = 0;     // 0 for the root.
};

enum class Folding {
  kOff,  // Each module has a row.
  kOn,   // Siblings that follow each other and have equal structure have one.
};

// Rows in the order of modules, each followed by those of the modules below it. Immutable.
class ModuleRows {
 public:
  // Takes time and memory in proportion to nodes and modules; kOn that of StructureOf() too.
  // `marks`: those of StructureOf().
  ModuleRows(const OwnedGraph& owned, Folding folding, const std::vector<bool>& marks = {});

  const std::vector<ModuleRow>& rows() const { return rows_; }
  const ModuleRow& row(uint32_t row) const { return rows_[row]; }
  uint32_t row_of(ModuleId module) const { return row_of_[module.index()]; }

  // The last segment of the paths: "query", "0-11" (FoldedName()). "" for the root.
  std::string Name(uint32_t row) const;

  // The names of the row and of those above it, joined by points: "encoder.layer.0-11.attention".
  std::string Path(uint32_t row) const;

 private:
  const Hierarchy& hierarchy_;
  std::vector<ModuleRow> rows_;
  std::vector<uint32_t> row_of_;  // By module.
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_MODULE_ROWS_H_
