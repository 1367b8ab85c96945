// Any of the accepted forms of profiles (docs/commands/profile.md).
#ifndef MODELEXPORT_PROFILES_READ_PROFILE_H_
#define MODELEXPORT_PROFILES_READ_PROFILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/profiles/profile.h"
#include "modelexport/profiles/profile_forms.h"

namespace modelexport {

// By its content, whatever its name. Errors name the source. kInvalidArgument: those of the form's
// reader; it is empty, or of no known form; it has no kernel.
absl::StatusOr<Profile> ReadProfile(const ByteSource& source, const ProfileOptions& options);

// The same of the file at `path`.
absl::StatusOr<Profile> ReadProfileFile(const std::string& path, const ProfileOptions& options);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_READ_PROFILE_H_
