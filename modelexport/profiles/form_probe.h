// Which form a profile has, by its content.
#ifndef MODELEXPORT_PROFILES_FORM_PROBE_H_
#define MODELEXPORT_PROFILES_FORM_PROBE_H_

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/profiles/profile_forms.h"

namespace modelexport {

// A row of kProfileForms. Of JSON, no more is read than up to the end of the first object that
// tells, and of the objects in an array no more than 64. kInvalidArgument: it has no known form, or
// no JSON where it began to be some.
absl::StatusOr<const ProfileForm*> FindProfileForm(const ByteSource& source,
                                                   const std::atomic<bool>* cancelled);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_FORM_PROBE_H_
