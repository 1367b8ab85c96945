// Any of the accepted descriptions of a source model (docs/sidecar.md).
//
//   MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy, ParseHierarchy(text));
#ifndef MODELEXPORT_HIERARCHY_READERS_HIERARCHY_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_HIERARCHY_JSON_H_

#include <atomic>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The hierarchy that `json` describes, in whatever form (hierarchy_forms.h). The form is detected
// from the members that are present; the name of the file is not considered. The result keeps
// nothing of `json`.
//
// Errors, all kInvalidArgument, name the place: those of the form's own reader; that the text has
// none of the forms. kCancelled soon after `*cancelled` becomes true; null: never.
absl::StatusOr<Hierarchy> ParseHierarchy(absl::string_view json,
                                         const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_HIERARCHY_JSON_H_
