// Where in the source model's program nodes were written, as torch's dynamo exporter keeps it.
#ifndef MODELEXPORT_MODULES_SOURCE_LINES_H_
#define MODELEXPORT_MODULES_SOURCE_LINES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// Of nodes: a Python traceback.
inline constexpr absl::string_view kStackTraceKey = "pkg.torch.onnx.stack_trace";

struct SourceLine {
  std::string file, number, function;
  std::string code;  // The line itself, without the spaces around it; "" where it is not given.

  // As "models/bert.py:93".
  std::string Place() const;
};

// The calls of a traceback, the outermost first: of each, the line `File "x.py", line 93, in f` and
// the line of code after it. All other lines are skipped.
std::vector<SourceLine> ParseStackTrace(absl::string_view trace);

// That of a node; empty if it has none. Errors of reading are passed on.
absl::StatusOr<std::vector<SourceLine>> StackTraceOf(const ModelIndex& index, NodeId node);

// The innermost line that is in no file of torch's own modules (torch/nn/); if all are, the
// innermost one. Null if there is no line.
const SourceLine* InnermostLine(const std::vector<SourceLine>& trace);

struct LinesOfModules {
  std::vector<std::string> rows;  // By row; "" if nothing is known.
  std::string unattributed;
};

// For each row the place of the InnermostLine() of those calls, from the outermost on, that the
// traces of all its nodes, with those below it, have in common. Nodes without a trace say nothing.
//
// Takes time in proportion to the traces. Errors are those of StackTraceOf().
absl::StatusOr<LinesOfModules> FindSourceLines(const OwnedGraph& owned, const ModuleRows& rows);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_SOURCE_LINES_H_
