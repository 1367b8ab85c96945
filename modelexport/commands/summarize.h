// Counts what resolution decided and injection writes.
#ifndef MODELEXPORT_COMMANDS_SUMMARIZE_H_
#define MODELEXPORT_COMMANDS_SUMMARIZE_H_

#include <vector>

#include "modelexport/edits/edit_list.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/report/report.h"
#include "modelexport/resolution/resolver.h"

namespace modelexport {

// Fills the counts of nodes and modules, and warns of conflicts and of what is odd in the graph.
void Summarize(const GraphView& graph, const Hierarchy& hierarchy, const std::vector<Owner>& owners,
               const std::vector<Conflict>& conflicts, Report* report);

// Adds up how sure the owners are (ownership/confidence.h). Both lists are by node.
void SummarizeConfidence(const std::vector<Owner>& owners, const std::vector<float>& confidence,
                         Report* report);

// Warns of nodes where a preset could not be written, or met another program's keys.
void SummarizePresets(const EditList& edits, Report* report);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_SUMMARIZE_H_
