#include "tests/run_program.h"

#include <sys/wait.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace modelexport::testing {

ProgramResult RunProgram(absl::string_view command) {
  const TempDir logs;
  logs.Write("out", "");
  logs.Write("err", "");
  const std::string redirected =
      absl::StrCat(command, " >", logs.Path("out"), " 2>", logs.Path("err"));
  const int status = std::system(redirected.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), logs.Read("out"),
          logs.Read("err")};
}

ProgramResult RunModelexport(const TempDir& folder, absl::string_view arguments,
                             absl::string_view before) {
  return RunProgram(absl::StrCat(before, " BUILD_WORKING_DIRECTORY='", folder.path(),
                                 "' exec tools/modelexport ", arguments));
}

}  // namespace modelexport::testing
