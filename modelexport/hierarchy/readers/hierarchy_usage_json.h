// The `*_hierarchy.json` of ModelExport's usage-based strategy (docs/sidecar.md, "Other accepted
// inputs"):
//
//   {"export_method": "usage_based", "node_tags": {...},
//    "metadata": {"usage_stats": {"encoder": 1, "": 1}, ...}, ...}
#ifndef MODELEXPORT_HIERARCHY_READERS_HIERARCHY_USAGE_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_HIERARCHY_USAGE_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The names of `usage_stats`, which is required and must not be empty, are paths, its values the
// numbers of their forward calls. Classes are unknown: `node_tags` is not read, since its names,
// with underscores for dots, are no paths.
//
// Errors, all kInvalidArgument, name the place: those of ReadJson() (schema_json.h) and
// HierarchyBuilder.
absl::StatusOr<Hierarchy> ParseHierarchyUsage(absl::string_view json);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_HIERARCHY_USAGE_JSON_H_
