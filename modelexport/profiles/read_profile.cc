#include "modelexport/profiles/read_profile.h"

#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/profiles/form_probe.h"

namespace modelexport {
namespace {

absl::StatusOr<Profile> Read(const ByteSource& source, const ProfileOptions& options) {
  if (source.size() == 0) {
    return absl::InvalidArgumentError(
        "is empty: the program that ran the model ended before it wrote the profile (in ONNX "
        "Runtime, before end_profiling())");
  }
  MX_ASSIGN_OR_RETURN(const ProfileForm* const form, FindProfileForm(source, options.cancelled));
  MX_ASSIGN_OR_RETURN(Profile profile, form->read(source, options));
  if (profile.kernels.empty()) return absl::InvalidArgumentError("has no figure of any node");
  profile.form = std::string(form->word);
  return profile;
}

}  // namespace

absl::StatusOr<Profile> ReadProfile(const ByteSource& source, const ProfileOptions& options) {
  absl::StatusOr<Profile> profile = Read(source, options);
  if (!profile.ok()) return Annotate(profile.status(), source.name());
  return profile;
}

absl::StatusOr<Profile> ReadProfileFile(const std::string& path, const ProfileOptions& options) {
  MX_ASSIGN_OR_RETURN(const auto file, OpenFile(path, options.cancelled));
  return ReadProfile(*file, options);
}

}  // namespace modelexport
