// The command `strip`.
#ifndef MODELEXPORT_TOOLS_STRIP_COMMAND_H_
#define MODELEXPORT_TOOLS_STRIP_COMMAND_H_

#include <string>
#include <vector>

namespace modelexport::tools {

// Runs `strip ARGUMENTS`; `program` is how usage calls it, as "modelexport strip". Returns the exit
// code (docs/cli.md).
int StripCommand(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_STRIP_COMMAND_H_
