// The `*_module_info.json` of ModelExport (docs/sidecar.md, "Other accepted inputs"):
//
//   {"model_class": "transformers.models.bert.modeling_bert.BertModel", "modules": {"embeddings":
//    {"class": "BertEmbeddings", "parameters": ["LayerNorm.weight"],
//     "children": {"word_embeddings": "Embedding"}}, ...}, ...}
#ifndef MODELEXPORT_HIERARCHY_READERS_MODULE_INFO_JSON_H_
#define MODELEXPORT_HIERARCHY_READERS_MODULE_INFO_JSON_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The names of `modules` are paths. `model_class` is the class of the root, unless that is listed.
// `children`, by attribute name with their classes, are modules too where they are not listed
// themselves; they stand behind the one that names them. `parameters` are named below their module,
// repeatedly where modules nest. All members but `modules` may be missing. No other is read.
//
// Classes are unqualified, which leaves open whether they are torch.nn's. Only the names of its
// containers are taken for them: a ModuleList that has no calls of its own must not pass for a
// module that has.
//
// Errors, all kInvalidArgument, name the place: those of ReadJson() (schema_json.h) and
// HierarchyBuilder.
absl::StatusOr<Hierarchy> ParseModuleInfo(absl::string_view json);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_MODULE_INFO_JSON_H_
