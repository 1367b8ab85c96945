// Version 1 of the sidecar, docs/sidecar.md.
//
//   MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy, ParseSidecar(text));
#ifndef MODELEXPORT_HIERARCHY_READERS_SIDECAR_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_SIDECAR_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The hierarchy that `json` describes. It keeps nothing of `json`, which need not outlive the call.
//
// Members may come in any order; unknown ones are ignored at every level. Required are `schema`,
// `version`, `modules`; of a module `path`; of a tensor `name` and of its `stats`, where given, all
// four; of a call `module`; of an op `op` and `call`. Others default to what hierarchy.h says. A
// `calls` list without entries counts as absent, and so does a call's `parent` as null.
//
// Errors, all kInvalidArgument, name the place: those of ReadJson() (schema_json.h), those of
// HierarchyBuilder, another `schema`, another `version`. That the version is another is said rather
// than any other error but that of syntax, wherever in the text it stands.
absl::StatusOr<Hierarchy> ParseSidecar(absl::string_view json);

// A sidecar that has the modules alone, with path, class, calls, aliases and traced_tag, on one
// line: what a tagged file carries. ParseSidecar() makes the same modules of it, and implies the
// same containers.
//
// The text is the same for equal modules. Every path, class and alias must be UTF-8, as those of
// ParseSidecar() are.
std::string RenderEmbedded(const Hierarchy& hierarchy);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_SIDECAR_JSON_H_
