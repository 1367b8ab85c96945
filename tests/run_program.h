// Programs as a user meets them: what they print, and their exit codes.
#ifndef MODELEXPORT_TESTS_RUN_PROGRAM_H_
#define MODELEXPORT_TESTS_RUN_PROGRAM_H_

#include <string>

#include "absl/strings/string_view.h"

namespace modelexport::testing {

struct ProgramResult {
  int exit_code = 0;  // 128 and the signal's number for one that ended by a signal.
  std::string out, err;
};

// Runs `command` in a shell.
ProgramResult RunProgram(absl::string_view command);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTS_RUN_PROGRAM_H_
