// The flat map of modules that winml-cli and ModelExport trace (docs/sidecar.md, "Other accepted
// inputs"):
//
//   {"encoder": {"class_name": "BertEncoder", "traced_tag": "/BertModel/BertEncoder"}, ...}
#ifndef MODELEXPORT_HIERARCHY_READERS_FLAT_MAP_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_FLAT_MAP_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The names are paths. `class_name` and `traced_tag` may be missing or null; no other member is
// read: `execution_order` says that a module was called, but not how often.
//
// Errors, all kInvalidArgument, name the place: those of ReadJson() (schema_json.h) and
// HierarchyBuilder.
absl::StatusOr<Hierarchy> ParseFlatMap(absl::string_view json);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_FLAT_MAP_JSON_H_
