// A hierarchy as commands name it: a file, or what the model itself carries.
#ifndef MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_
#define MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// The hierarchy that the model itself carries (hierarchy/readers/embedded_hierarchy.h), as the path
// of one. A file of that name is reached as "./embedded".
inline constexpr absl::string_view kEmbeddedHierarchy = "embedded";

// Errors name the file and the JSON path. Both functions end soon, with kCancelled, once
// `*cancelled` is true; null: never.
absl::StatusOr<Hierarchy> ReadHierarchyFile(const std::string& path,
                                            const std::atomic<bool>* cancelled = nullptr);

// What the model of `index` carries. Errors name the model.
absl::StatusOr<Hierarchy> ReadHierarchyOf(const ModelIndex& index,
                                          const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_
