// The comparison of two files as lines and tables.
#ifndef MODELEXPORT_COMMANDS_COMPARISON_TABLES_H_
#define MODELEXPORT_COMMANDS_COMPARISON_TABLES_H_

#include <cstddef>
#include <string>

#include "modelexport/commands/compare.h"
#include "modelexport/render/table.h"

namespace modelexport {

// The totals: "nodes       148 -> 92: 74 vanished, 18 appeared, ..." and others. Control characters
// are escaped.
std::string ComparisonHeadlines(const ComparedFiles& files);

// Whether any module differs, or any node is not attributed.
bool HasRows(const ComparedFiles& files);

// The rows of ComparedFiles::rows, then that of the nodes that are not attributed if there are any.
// Cells say "12 -> 9". The list of changes is continued in further rows where the table would be
// wider than `width` characters; 0: never.
Table ComparisonForPeople(const ComparedFiles& files, size_t width);

// A row for each module that differs, with numbers (docs/commands/compare.md). The root is "" and
// what is not attributed has no module; with `labels` they are "(root)" and "(not attributed)".
Table ComparisonForPrograms(const ComparedFiles& files, bool labels);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COMPARISON_TABLES_H_
