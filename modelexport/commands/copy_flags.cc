#include "modelexport/commands/copy_flags.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/same_file.h"

namespace modelexport {

Flag ValidateFlag(std::string help, CopyRequest* request) {
  return {"validate", "standard|full|off", std::move(help),
          SetWord<ValidationLevel>(&request->validation, {{"standard", ValidationLevel::kStandard},
                                                          {"full", ValidationLevel::kFull},
                                                          {"off", ValidationLevel::kOff}})};
}

Flag ExternalDataFlag(CopyRequest* request) {
  return {
      "external_data", "copy|leave",
      "What is done with data files if OUT is in another folder. Default: copy.",
      SetWord<ExternalDataMode>(&request->external_data, {{"copy", ExternalDataMode::kCopy},
                                                          {"leave", ExternalDataMode::kLeave}})};
}

Flag FsyncFlag(CopyRequest* request) {
  return {"fsync", "",
          "Waits until the output is on the disk. Default: only when it replaces a file.",
          SetBool(&request->fsync)};
}

Flag AllowOver2GibFlag(CopyRequest* request) {
  return {"allow_over_2gib", "",
          "Writes an output of 2 GiB or more although the input was smaller. Default: false.",
          SetBool(&request->allow_over_2gib)};
}

absl::Status TakeInAndOut(const Arguments& paths, const std::string& hierarchy,
                          CopyRequest* request) {
  if (paths.size() != 2) {
    return UsageError(absl::StrCat("two paths are wanted, IN OUT, not ", paths.size(),
                                   paths.size() == 1 ? "; OUT may be IN" : ""));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "OUT"}, paths));
  request->model = UserPath(paths[0]);
  request->output = UserPath(paths[1]);
  return RefuseSameFile({"OUT", request->output}, {{"--hierarchy", hierarchy}});
}

Flag QuietFlag(bool* quiet) {
  return {"quiet", "", "Prints no summary and no progress. Default: false.", SetBool(quiet)};
}

std::vector<Flag> WithCopyFlags(std::vector<Flag> flags, CopyRequest* request, bool* quiet) {
  flags.push_back(ExternalDataFlag(request));
  flags.push_back(FsyncFlag(request));
  flags.push_back(AllowOver2GibFlag(request));
  flags.push_back(QuietFlag(quiet));
  return flags;
}

}  // namespace modelexport
