// The flags and paths of every command that writes an edited copy of a model. Each flag sets a
// member of a CopyRequest, which must outlive the flag.
#ifndef MODELEXPORT_COMMANDS_COPY_FLAGS_H_
#define MODELEXPORT_COMMANDS_COPY_FLAGS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_request.h"

namespace modelexport {

// --validate; `help` says what the levels check in the command at hand.
Flag ValidateFlag(std::string help, CopyRequest* request);

Flag ExternalDataFlag(CopyRequest* request);
Flag FsyncFlag(CopyRequest* request);
Flag AllowOver2GibFlag(CopyRequest* request);

// Takes IN and OUT from the positional arguments. A usage error if they are not these two, or if
// OUT is the file of `hierarchy`, the value of --hierarchy, which it would replace.
absl::Status TakeInAndOut(const Arguments& paths, const std::string& hierarchy,
                          CopyRequest* request);

// --quiet, for commands that print a summary and a progress line.
Flag QuietFlag(bool* quiet);

// `flags` and, after them, all of the above but --validate.
std::vector<Flag> WithCopyFlags(std::vector<Flag> flags, CopyRequest* request, bool* quiet);

// `run(*request)` until a signal cancels it, its stages shown unless `quiet`.
template <typename Request, typename Outcome>
Outcome RunCopying(const Console& console, bool quiet, Request* request,
                   Outcome (*run)(const Request&)) {
  request->cancelled = console.cancel_on_signals();
  return ShowingStages(console, quiet, [&](const auto& show) {
    request->on_stage = show;
    return run(*request);
  });
}

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COPY_FLAGS_H_
