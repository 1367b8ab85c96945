// All commands of the programs, one source for each.
//
// A command runs with ARGUMENTS; `program` is how its usage calls it, as "tag_onnx" or "modelexport
// tag". It returns the exit code (docs/cli.md).
#ifndef MODELEXPORT_TOOLS_COMMANDS_H_
#define MODELEXPORT_TOOLS_COMMANDS_H_

#include <string>
#include <vector>

namespace modelexport::tools {

using Arguments = std::vector<std::string>;

int TagCommand(const std::string& program, const Arguments& arguments);
int StripCommand(const std::string& program, const Arguments& arguments);
int ValidateCommand(const std::string& program, const Arguments& arguments);
int ExplainCommand(const std::string& program, const Arguments& arguments);

struct Command {
  const char* name;
  int (*run)(const std::string& program, const Arguments& arguments);
  const char* arguments;
  const char* summary;
};

// In the order of `modelexport help`.
inline constexpr Command kCommands[] = {
    {"tag", TagCommand, "IN HIERARCHY OUT", "tags the nodes of IN with their modules"},
    {"strip", StripCommand, "IN OUT", "removes the tags of a file, and nothing else"},
    {"validate", ValidateCommand, "IN", "checks the tags of a file"},
    {"explain", ExplainCommand, "IN HIERARCHY NODE", "shows why a node has its module"},
};

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_COMMANDS_H_
