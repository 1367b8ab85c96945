#include "modelexport/commands/test_command.h"

#include <atomic>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace modelexport {
namespace testing {

CommandResult RunCommand(int (*command)(const Console&, const Arguments&),
                         const Arguments& arguments) {
  std::ostringstream out, err;
  const std::atomic<bool> cancelled(false);
  Console console;
  console.program = "it";
  console.out = &out;
  console.err = &err;
  console.cancel_on_signals = [&] { return &cancelled; };
  console.show_stage = [](absl::string_view) {};
  const int code = command(console, arguments);
  return {code, out.str(), err.str()};
}

std::string Tags(const std::string& module, const std::string& more) {
  return absl::StrCat(" {\"modelexport.module\": \"", module,
                      "\", \"modelexport.tag\": \"/N\", \"modelexport.evidence\": \"node_name\"",
                      more, "}");
}

}  // namespace testing
}  // namespace modelexport
