#include <iostream>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/strip.h"
#include "tools/command.h"
#include "tools/command_line.h"
#include "tools/commands.h"
#include "tools/copy_flags.h"
#include "tools/interruption.h"
#include "tools/preset_flag.h"
#include "tools/progress_line.h"

namespace modelexport::tools {
namespace {

struct StripFlags {
  StripRequest request;
  absl::optional<std::string> keys;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(StripFlags* flags) {
  StripRequest& request = flags->request;
  return {
      {"keys", "PRESETS",
       absl::StrCat("Comma-separated presets whose keys are removed, whoever wrote them: ",
                    PresetNames(), ".\nDefault: those that IN lists, where we wrote them."),
       [flags](const std::string& value) {
         flags->keys = value;
         return absl::OkStatus();
       }},
      ValidateFlag(
          "What is compared with IN before the output gets its name: all bytes outside tensor\n"
          "payloads; those too; nothing. Default: standard.",
          &request),
      ExternalDataFlag(&request),
      FsyncFlag(&request),
      QuietFlag(&flags->quiet),
  };
}

CommandHelp Help() {
  return {
      "IN.onnx OUT.onnx [flags]",
      R"(Removes from IN the tags that this program wrote, and nothing else, and writes OUT. OUT may be IN. A
file without tags is copied as it is.
)",
      R"(Exit code: 0 done; 1 the comparison with IN found differences; 2 wrong usage; 3 an input is missing
or malformed; 4 the output could not be written.
)"};
}

StripOutcome StripWithProgress(bool quiet, StripRequest request) {
  ProgressLine progress(!quiet);
  request.on_stage = [&progress](absl::string_view stage) { progress.Begin(stage); };
  return Strip(request);
}

absl::Status RunStrip(const std::vector<std::string>& paths, StripFlags* flags) {
  if (paths.size() != 2) {
    return UsageError(absl::StrCat("two paths are wanted, IN OUT, not ", paths.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "OUT"}, paths));
  StripRequest& request = flags->request;
  request.model = UserPath(paths[0]);
  request.output = UserPath(paths[1]);

  if (flags->keys.has_value()) {
    MX_ASSIGN_OR_RETURN(request.presets, ChoosePresets(*flags->keys));
  }
  request.cancelled = CancelOnSignals();
  const StripOutcome outcome = StripWithProgress(flags->quiet, request);
  const bool judged = outcome.status.ok() || FaultOf(outcome.status) == Fault::kJudged;
  if (judged && !flags->quiet) std::cout << RenderText(outcome.report);
  return outcome.status;
}

}  // namespace

int StripCommand(const std::string& program, const Arguments& arguments) {
  StripFlags flags;
  return RunCommand(program, Help(), MakeFlags(&flags), arguments,
                    [&flags](const auto& paths) { return RunStrip(paths, &flags); });
}

}  // namespace modelexport::tools
