// The modules that differ between two models as rows for people: equal siblings are one row.
#ifndef MODELEXPORT_MODULES_CHANGED_ROWS_H_
#define MODELEXPORT_MODULES_CHANGED_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/modules/comparison.h"

namespace modelexport {

struct ChangedRow {
  uint32_t module;   // In ModelComparison::modules; of several the first.
  size_t count = 1;  // How many modules, of which each has the changes of the first.
  std::string path;  // As "encoder.layer.0-11.output" (FoldedName()).
};

// In the order of modules. Below a module that only one file has, no row is needed: its own row is
// for all of them. Siblings that follow each other are one row if all that differs in them and
// below them is equal but for collisions of 64 bits; nodes that moved have gone the same way
// through the tree.
//
// `a` and `b` are those that were compared. The time is that of modules, changes and their paths,
// times a logarithm.
std::vector<ChangedRow> ChangedRows(const ModelComparison& comparison, const Hierarchy& a,
                                    const Hierarchy& b);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_CHANGED_ROWS_H_
