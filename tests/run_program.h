// Programs as a user meets them: what they print, and their exit codes.
#ifndef MODELEXPORT_TESTS_RUN_PROGRAM_H_
#define MODELEXPORT_TESTS_RUN_PROGRAM_H_

#include <string>

#include "absl/strings/string_view.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport::testing {

struct ProgramResult {
  int exit_code = 0;  // 128 and the signal's number for one that ended by a signal.
  std::string out, err;
};

// Runs `command` in a shell.
ProgramResult RunProgram(absl::string_view command);

// Runs `modelexport ARGUMENTS`, in which names of files are those in `folder`, after the words
// `before`, as "ulimit -f 1;", in a shell.
ProgramResult RunModelexport(const TempDir& folder, absl::string_view arguments,
                             absl::string_view before = "");

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTS_RUN_PROGRAM_H_
