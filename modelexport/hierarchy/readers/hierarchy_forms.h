// The forms in which a source model may be described, and what tells them apart.
//
// A new form is a function and a row here, the source file that defines the function, its tests and
// a section of docs/sidecar.md. All functions below report errors as kInvalidArgument with the JSON
// path: those of ReadJson() (schema_json.h) and of HierarchyBuilder. Once `*cancelled` is true they
// end soon, with kCancelled; null: never.
#ifndef MODELEXPORT_HIERARCHY_READERS_HIERARCHY_FORMS_H_
#define MODELEXPORT_HIERARCHY_READERS_HIERARCHY_FORMS_H_

#include <atomic>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {

// The flat map of modules that winml-cli and ModelExport trace:
//
//   {"encoder": {"class_name": "BertEncoder", "traced_tag": "/BertModel/BertEncoder"}, ...}
//
// The names are paths. `class_name` and `traced_tag` may be missing or null. No other member is
// read: `execution_order` says that a module was called, but not how often.
absl::StatusOr<Hierarchy> ParseFlatMap(absl::string_view json,
                                       const std::atomic<bool>* cancelled = nullptr);

// The `*_htp_metadata.json` that winml-cli and ModelExport write beside an export:
//
//   {"export_context": {...}, "modules": {"class_name": "BertModel", "traced_tag": "/BertModel",
//    "scope": "", "children": {"BertEncoder": {"scope": "encoder", ...}, ...}}, "nodes": {...},
//    ...}
//
// `modules` is the outermost module. The path of each module is its `scope`, which is required; the
// names of `children` are classes and are not read. `class_name` and `traced_tag` may be missing or
// null. No other member is read: the nodes of the file are judged anew.
absl::StatusOr<Hierarchy> ParseHtpMetadata(absl::string_view json,
                                           const std::atomic<bool>* cancelled = nullptr);

// The `*_hierarchy.json` of ModelExport's usage-based strategy:
//
//   {"export_method": "usage_based", "node_tags": {...},
//    "metadata": {"usage_stats": {"encoder": 1, "": 1}, ...}, ...}
//
// The names of `usage_stats`, which is required and must not be empty, are paths. Its values are
// the numbers of forward calls. Classes are unknown. `node_tags` is not read: its names, with
// underscores for dots, are not paths.
absl::StatusOr<Hierarchy> ParseHierarchyUsage(absl::string_view json,
                                              const std::atomic<bool>* cancelled = nullptr);

// The `*_module_info.json` of ModelExport:
//
//   {"model_class": "transformers.models.bert.modeling_bert.BertModel", "modules": {"embeddings":
//    {"class": "BertEmbeddings", "parameters": ["LayerNorm.weight"],
//     "children": {"word_embeddings": "Embedding"}}, ...}, ...}
//
// The names of `modules` are paths. `model_class` is the class of the root, unless the root is
// listed. `children` has classes by attribute name; a child that is not listed itself is a module
// too and follows the module that names it. `parameters` are named below their module, repeatedly
// where modules nest. All members but `modules` may be missing. No other is read.
//
// Classes are unqualified, so it is unknown whether they are torch.nn's. Only the names of its
// containers are taken for them: a ModuleList has no calls of its own and must not pass for a
// module that has.
absl::StatusOr<Hierarchy> ParseModuleInfo(absl::string_view json,
                                          const std::atomic<bool>* cancelled = nullptr);

// A list of module paths, as `[name for name, _ in model.named_modules()]` gives it:
//
//   ["", "embeddings", "encoder", "encoder.layer.0"]
//
// Classes and calls are unknown. A module below the root whose children all have numbers for names
// is taken for a list, which is never called: it becomes an implied container. An empty list of
// paths has no form.
absl::StatusOr<Hierarchy> ParseModuleNames(absl::string_view json,
                                           const std::atomic<bool>* cancelled = nullptr);

// A form, by one member that tells it: a member of the outermost object or an element of the
// outermost list.
struct HierarchyForm {
  absl::StatusOr<Hierarchy> (*parse)(absl::string_view json, const std::atomic<bool>* cancelled);
  // For an error that lists the forms; "" if an earlier row has it.
  absl::string_view description;
  const char* member;  // Null: a member of any name, or an element.
  JsonKind kind;       // Of the member or element.
  // If it is an object: the member that it must have, and one that it must not; null: none.
  const char* with = nullptr;
  const char* without = nullptr;
  JsonKind outermost = kJsonObject;
};

// At most 32 rows. The first row that a text has decides. Modules may be called anything, so a form
// with surer marks comes before one that takes any member for a module.
inline constexpr HierarchyForm kHierarchyForms[] = {
    {ParseSidecar, "a sidecar (\"schema\": \"modelexport.hierarchy\")", "schema", kJsonString},
    {ParseSidecar, "", "version", kJsonInteger},
    {ParseSidecar, "", "modules", kJsonList},
    {ParseSidecar, "", "tensors", kJsonList},
    {ParseSidecar, "", "calls", kJsonList},
    {ParseSidecar, "", "ops", kJsonList},
    {ParseFlatMap, "a map of module paths to objects with class_name and traced_tag", "",
     kJsonObject},
    {ParseHtpMetadata, "*_htp_metadata.json", "export_context", kJsonObject, nullptr, "traced_tag"},
    {ParseHtpMetadata, "", "modules", kJsonObject, "scope"},
    {ParseHierarchyUsage, "*_hierarchy.json with usage_stats", "metadata", kJsonObject,
     "usage_stats"},
    {ParseFlatMap, "", nullptr, kJsonObject, "traced_tag"},
    {ParseModuleInfo, "*_module_info.json", "modules", kJsonObject},
    {ParseFlatMap, "", nullptr, kJsonObject, "class_name"},
    {ParseModuleNames, "a list of module paths", nullptr, kJsonString, nullptr, nullptr, kJsonList},
};

// The form of `json`, by its content; null if it has the marks of none. Does not validate. Reads a
// sidecar to its first mark, and any other text to the end, or soon after `*cancelled` becomes true
// no further.
const HierarchyForm* FormOf(absl::string_view json, const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_HIERARCHY_FORMS_H_
