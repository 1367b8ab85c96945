// Any of the accepted descriptions of a source model.
//
//   MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy, ParseHierarchy(text));
#ifndef MODELEXPORT_HIERARCHY_READERS_HIERARCHY_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_HIERARCHY_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The forms, in the order in which they are tried; the first whose mark the text has is its own.
enum class HierarchyForm {
  kSidecar,      // Member `schema` a string, `version` an integer or one of its lists a list.
  kFlatMap,      // A member "" that is an object.
  kHtpMetadata,  // A member `export_context` without `traced_tag`, or `modules` with `scope`.
  kUsage,        // A member `metadata` with `usage_stats`.
  // Then kFlatMap again, by any member with `traced_tag`.
  kModuleInfo,  // An object `modules`.
  // Then kFlatMap again, by any member with `class_name`.
  kUnknown,
};

// What `json` is by its members, whatever the file is called; that it is valid is not said. Looks
// at a sidecar no further than its first telling member, at any other form to its end.
HierarchyForm FormOf(absl::string_view json);

// The hierarchy that `json` describes, in whatever form. It keeps nothing of `json`.
//
// Errors, all kInvalidArgument, name the place: those of the form's own reader; that the text is of
// no form.
absl::StatusOr<Hierarchy> ParseHierarchy(absl::string_view json);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_HIERARCHY_JSON_H_
