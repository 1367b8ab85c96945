// The modules that the names in a model speak of, for models about which nothing else is known.
#ifndef MODELEXPORT_EVIDENCE_NAMES_NAMED_HIERARCHY_H_
#define MODELEXPORT_EVIDENCE_NAMES_NAMED_HIERARCHY_H_

#include <atomic>

#include "absl/status/statusor.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// Modules from two sources, in the order of their first appearance, without classes and calls:
//
// - The scopes of PyTorch's TorchScript exporter in the names of nodes and of the values that they
//   make (scope_name.h). A scope says a module's path but for what the exporter leaves out, which
//   dotted names and what the nodes of the scope read make up for. The number of a repeated call
//   ("act_1" beside "act") is no part of a path, unless dotted names have it, or scopes below.
// - The dotted names of initializers, which are those of parameters and buffers: the initializers
//   become tensors of the hierarchy, and the modules that have them its modules. Where the file has
//   no scopes, so do the modules around these, but not those whose children all are numbers, which
//   are taken for lists of modules. A tensor that nodes without a scope look up row by row as well
//   as read otherwise is left out: it is of two modules, of which its name says one.
//
// Names that are not UTF-8, are longer than Hierarchy::kMaxNameSize, or have more than 256 segments
// are left out.
//
// Errors, which do not name the file: kNotFound if no name speaks of a module; kInvalidArgument if
// the paths of the modules have more than 256 MiB together.
//
// Ends soon, with kCancelled, once `*cancelled` is true; null: never.
absl::StatusOr<Hierarchy> ReadHierarchyOfNames(const ModelIndex& index,
                                               const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_NAMED_HIERARCHY_H_
