// The `*_htp_metadata.json` that winml-cli and ModelExport write beside an export (docs/sidecar.md,
// "Other accepted inputs"):
//
//   {"export_context": {...}, "modules": {"class_name": "BertModel", "traced_tag": "/BertModel",
//    "scope": "", "children": {"BertEncoder": {"scope": "encoder", ...}, ...}}, "nodes": {...},
//    ...}
#ifndef MODELEXPORT_HIERARCHY_READERS_HTP_METADATA_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_HTP_METADATA_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// `modules` is the outermost module. The path of each is its `scope`, which is required, whatever
// the names of `children` are: those are classes. `class_name` and `traced_tag` may be missing or
// null. Nothing else is read, `nodes` least of all: the file's own nodes are judged anew.
//
// Errors, all kInvalidArgument, name the place: those of ReadJson() (schema_json.h) and
// HierarchyBuilder.
absl::StatusOr<Hierarchy> ParseHtpMetadata(absl::string_view json);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_HTP_METADATA_JSON_H_
