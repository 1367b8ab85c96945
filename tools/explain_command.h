// The command `explain`.
#ifndef MODELEXPORT_TOOLS_EXPLAIN_COMMAND_H_
#define MODELEXPORT_TOOLS_EXPLAIN_COMMAND_H_

#include <string>
#include <vector>

namespace modelexport::tools {

// Runs `explain ARGUMENTS`; `program` is how usage calls it, as "modelexport explain". Returns the
// exit code (docs/cli.md).
int ExplainCommand(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_EXPLAIN_COMMAND_H_
