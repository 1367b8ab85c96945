// The command `validate`.
#ifndef MODELEXPORT_TOOLS_VALIDATE_COMMAND_H_
#define MODELEXPORT_TOOLS_VALIDATE_COMMAND_H_

#include <string>
#include <vector>

namespace modelexport::tools {

// Runs `validate ARGUMENTS`; `program` is how usage calls it, as "modelexport validate". Returns the
// exit code (docs/cli.md).
int ValidateCommand(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_VALIDATE_COMMAND_H_
