// A hierarchy as commands name it: a file, another tagged model, or what the model itself carries.
#ifndef MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_
#define MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_

#include <atomic>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// The hierarchy that the model itself carries (hierarchy/readers/embedded_hierarchy.h), as the path
// of one. A file of that name is reached as "./embedded".
inline constexpr absl::string_view kEmbeddedHierarchy = "embedded";

// A sidecar or another tagged model, by content. Errors name the file and the JSON path, or the
// node or byte offset.
absl::StatusOr<Hierarchy> ReadHierarchyFile(const std::string& path);

// Whether the file at `path` seems to be a model (SeemsModel() in tagged_model.h); false if it
// cannot be read.
bool IsModelFile(const std::string& path);

// The hierarchy of the tagged model at `path`. `other` is called once it is known to be a model,
// and returns what it is to be matched with, or null (TaggedModelOptions::other).
absl::StatusOr<Hierarchy> ReadTaggedFile(const std::string& path,
                                         absl::FunctionRef<const ModelIndex*()> other,
                                         const std::atomic<bool>* cancelled = nullptr);

// What the model of `index` carries. Errors name the model.
absl::StatusOr<Hierarchy> ReadHierarchyOf(const ModelIndex& index);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_
