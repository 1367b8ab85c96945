// Runs a command as the program does, for tests.
#ifndef MODELEXPORT_COMMANDS_TEST_COMMAND_H_
#define MODELEXPORT_COMMANDS_TEST_COMMAND_H_

#include <string>

#include "modelexport/commands/command.h"

namespace modelexport {
namespace testing {

struct CommandResult {
  int code = 0;
  std::string out, err;
};

// Nothing cancels it, and progress is not shown. The program is called "it".
CommandResult RunCommand(int (*command)(const Console&, const Arguments&),
                         const Arguments& arguments);

// The tags of a node of `module` as the text of a model has them (testing/model_text.h), and `more`
// entries, each after a comma.
std::string Tags(const std::string& module, const std::string& more = "");

}  // namespace testing
}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_TEST_COMMAND_H_
