// `modelexport completion`: scripts by which shells complete command lines.
#ifndef MODELEXPORT_COMMANDS_COMPLETION_H_
#define MODELEXPORT_COMMANDS_COMPLETION_H_

#include "modelexport/commands/command.h"

namespace modelexport {

// `modelexport completion` (docs/commands/completion.md). Returns the exit code.
int CompletionCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COMPLETION_H_
