// Reads version 1 of the sidecar, docs/sidecar.md.
//
//   MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy, ParseSidecar(text));
#ifndef MODELEXPORT_HIERARCHY_READERS_SIDECAR_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_SIDECAR_JSON_H_

#include <atomic>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The values of `schema` and `version`.
inline constexpr absl::string_view kSidecarSchemaName = "modelexport.hierarchy";
inline constexpr int64_t kSidecarVersion = 1;

// The hierarchy that `json` describes. It keeps nothing of `json`, which need not outlive the call.
//
// Members may come in any order; unknown ones are ignored at every level. Required are `schema`,
// `version`, `modules`; of a module `path`; of a tensor `name`, and all four members of `stats` if
// it has any; of a call `module`; of an op `op` and `call`. Others default to what hierarchy.h
// says. A `calls` list without entries counts as absent, and a call without `parent` as one whose
// `parent` is null.
//
// Errors, all kInvalidArgument, name the place: those of ReadJson() (schema_json.h) and of
// HierarchyBuilder; another `schema`; another `version`. Of a text with several errors, a syntax
// error is reported first and then another version, wherever in the text it is. kCancelled soon
// after `*cancelled` becomes true; null: never.
absl::StatusOr<Hierarchy> ParseSidecar(absl::string_view json,
                                       const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_SIDECAR_JSON_H_
