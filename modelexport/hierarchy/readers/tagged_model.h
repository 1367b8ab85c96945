// Another tagged model as the description of a source model (docs/sidecar.md).
//
//   MX_ASSIGN_OR_RETURN(const ModelFile file, ModelFile::Open(path, TaggedModelKeys()));
//   MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy, ReadTaggedModel(file.graph(), {}));
#ifndef MODELEXPORT_HIERARCHY_READERS_TAGGED_MODEL_H_
#define MODELEXPORT_HIERARCHY_READERS_TAGGED_MODEL_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {

// Whether a file that begins with these bytes (64 suffice) seems to be a serialized model rather
// than text. It may still be damaged.
bool SeemsModel(absl::string_view first_bytes);

// The keys of metadata whose values ReadTaggedModel() wants.
std::vector<std::string> TaggedModelKeys();

struct TaggedModelOptions {
  // The folder of external data.
  DataFolder folder;

  // The model that the hierarchy is to be matched with. A tensor gets `stats` if no initializer of
  // this model has its name, or has only the dims of such a tensor; only then is its content read.
  // Null: none gets any.
  const ModelIndex* other = nullptr;

  // Once true, reading contents ends soon. Null: never.
  const std::atomic<bool>* cancelled = nullptr;
};

// - Modules: those of the model's kHierarchyKey; without it, those that nodes are tagged with, each
//   with their tag as traced_tag.
// - Tensors: the initializers of main graph and bodies whose names are not repeated.
// - Calls: those of kHierarchyKey; without, as many as the modules' `calls` and the nodes' tags
//   say, each made by the nearest module around that was called (Hierarchy::calls_are_assumed()).
// - Nodes: those of main graph and bodies with evidence. Of these and of the others the operators,
//   with OpsSource::kOnnx, are those that compute (NodeRole::kImage) and whose call is known.
//
// Errors: no node is tagged; a tag names no module or call that there is, or is malformed; one
// module has several tags where kHierarchyKey is missing; that is malformed. Contents that cannot
// be read are a warning.
absl::StatusOr<Hierarchy> ReadTaggedModel(const GraphView& graph,
                                          const TaggedModelOptions& options);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_TAGGED_MODEL_H_
