// A table as HTML, for documents that are made of more than one.
#ifndef MODELEXPORT_RENDER_TABLE_HTML_H_
#define MODELEXPORT_RENDER_TABLE_HTML_H_

#include <ostream>

#include "modelexport/render/table.h"

namespace modelexport {

// Writes a <table>, row by row, in which cells are nothing but text, as ShownCell() has it. Numbers
// are of the class "number". What is not UTF-8 is replaced by U+FFFD.
void WriteHtmlTable(const Table& table, std::ostream& out);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_TABLE_HTML_H_
