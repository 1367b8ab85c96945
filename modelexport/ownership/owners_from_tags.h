// Owners as a tagged file itself gives them, without any matching (docs/tags.md).
#ifndef MODELEXPORT_OWNERSHIP_OWNERS_FROM_TAGS_H_
#define MODELEXPORT_OWNERSHIP_OWNERS_FROM_TAGS_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/resolution/also_modules.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// The functions below want the values of NodeTagKeys() (IndexOptions::load).

// Whether any node is tagged. Needs no values.
bool HasTags(const ModelIndex& index);

// The modules of the model's kHierarchyKey or, where it has none, those that nodes are tagged with,
// in the order of their first appearance, without classes. The first module with a tag has it as
// `traced_tag`: those of hidden classes share that of the module around them.
//
// Errors, which name the model: no node is tagged, with the presets that some have instead;
// kHierarchyKey, or a path, is malformed.
//
// The hierarchy has calls if kHierarchyKey lists them.
//
// Ends soon, with kCancelled, once `*cancelled` is true; null: never.
absl::StatusOr<Hierarchy> ReadTaggedHierarchy(const ModelIndex& index,
                                              const std::atomic<bool>* cancelled = nullptr);

struct TaggedOwners {
  std::vector<Owner> owners;  // By node.
  AlsoModules also;

  // What could not be used as it is tagged, a line for each kind with the first place:
  // "2 nodes without tags, the first: #7 (Cast)".
  std::vector<std::string> notes;
};

// The owner of each node of `graph` by its tags, with the evidence that they name.
//
// - A node that is not tagged, or whose module `hierarchy` lacks, has the root and no evidence.
// - A word of evidence that this version does not know counts as kInherited.
// - Within functions that several chains of calls reach, `base` is the owner of the first node that
//   calls the function.
// - Nodes of functions that nothing calls are not tagged, whatever they say.
// Each but the last two of these is noted. So are a modelexport.call that is no call of the
// hierarchy, a modelexport.tag that differs from that of an earlier node of the module, and of
// modelexport.also what is no array of paths, or no module.
TaggedOwners OwnersFromTags(const GraphView& graph, const Hierarchy& hierarchy);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_OWNERS_FROM_TAGS_H_
