// All of a report as tables under titles, which documents are made of.
#ifndef MODELEXPORT_RENDER_REPORT_SECTIONS_H_
#define MODELEXPORT_RENDER_REPORT_SECTIONS_H_

#include <string>
#include <vector>

#include "modelexport/render/table.h"
#include "modelexport/report/report.h"

namespace modelexport {

struct ReportSection {
  std::string title;
  Table table;
};

// What the run was and how it ended first, what there is one of for each module last. A section
// with nothing in it is left out.
std::vector<ReportSection> SectionsOf(const Report& report);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_REPORT_SECTIONS_H_
