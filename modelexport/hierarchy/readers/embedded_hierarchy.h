// The hierarchy that a model carries in its own metadata.
#ifndef MODELEXPORT_HIERARCHY_READERS_EMBEDDED_HIERARCHY_H_
#define MODELEXPORT_HIERARCHY_READERS_EMBEDDED_HIERARCHY_H_

#include <atomic>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// The metadata key of nodes that has the classes of the modules of kNameScopesKey, in the same
// order, as a list of the same form.
inline constexpr absl::string_view kClassHierarchyKey = "pkg.torch.onnx.class_hierarchy";

// The sidecar that is the value of a model's kHierarchyKey, which errors name.
absl::StatusOr<Hierarchy> ParseOwnSidecar(absl::string_view sidecar,
                                          const std::atomic<bool>* cancelled = nullptr);

// The sidecar in the model's kHierarchyKey, if it has that; else the modules that kNameScopesKey
// names on any node, in the order of their first appearance, with the classes of kClassHierarchyKey
// where the lists are equally long. Their calls are unknown.
//
// Reads what it needs of values that `index` has not loaded. What the model says of itself when
// tagged with the result gives the same hierarchy again.
//
// Errors: the model has neither; the sidecar, or a path, is malformed; the source cannot be read.
absl::StatusOr<Hierarchy> ReadEmbeddedHierarchy(const ModelIndex& index,
                                                const std::atomic<bool>* cancelled = nullptr);

// Whether it does: false if the model has no kHierarchyKey, and kNameScopesKey names no module on
// any node. An error if the source cannot be read. Ends like the above.
absl::StatusOr<bool> CarriesHierarchy(const ModelIndex& index,
                                      const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_EMBEDDED_HIERARCHY_H_
