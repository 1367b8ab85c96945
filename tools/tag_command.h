// The command `tag`, for every program that offers it.
#ifndef MODELEXPORT_TOOLS_TAG_COMMAND_H_
#define MODELEXPORT_TOOLS_TAG_COMMAND_H_

#include <string>
#include <vector>

namespace modelexport::tools {

// Runs `tag ARGUMENTS`; `program` is how usage calls it, as "tag_onnx". Returns the exit code
// (docs/cli.md).
int TagCommand(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_TAG_COMMAND_H_
