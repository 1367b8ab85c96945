// Runs commands on the process's own streams, terminal and signals.
#ifndef MODELEXPORT_TOOLS_RUNNER_H_
#define MODELEXPORT_TOOLS_RUNNER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "modelexport/commands/command.h"

namespace modelexport::tools {

// Returns the exit code of `command`, which the user called as `program`: "tag_onnx" or
// "modelexport tag"; `view_page` is Console's. Where a signal came that the command asked for, the
// program ends by it.
int RunOnConsole(int (*command)(const Console&, const Arguments&), const std::string& program,
                 const Arguments& arguments, absl::string_view view_page = "");

// Ends standard output. Where something of it was lost, says so and makes a success exit code 4.
int EndOutput(const std::string& program, int exit_code);

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_RUNNER_H_
