// The tags of what `outline` makes: of calls of functions, and of the nodes in functions.
#ifndef MODELEXPORT_EDITS_OUTLINE_TAGS_H_
#define MODELEXPORT_EDITS_OUTLINE_TAGS_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "modelexport/modules/outline_plan.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/tags/preset.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// Each function returns metadata as fields of a NodeProto; none where the model is not tagged. All
// that the object is given must outlive it.
class OutlineTags {
 public:
  // The index of the graph must have loaded EditList::KeysToLoad(); and NodeTagKeys(), so that
  // modules of torch.nn are shown in class paths if they are so far.
  OutlineTags(const OwnedGraph& owned, const OutlinePlan& plan);

  // Of a call in the main graph: its module.
  std::string OfCall(const OutlineCall& call) const;

  // Of a call within a function: where its module is below that of the function.
  std::string OfInnerCall(const OutlineFunction& function, const OutlineCall& call) const;

  // Of a node in the function, or in a body there, that is `nodes` in its runs: as much of its path
  // below the function's module as all runs share; or its module, if all share one that is not
  // below.
  std::string OfNode(const OutlineFunction& function, absl::Span<const NodeId> nodes) const;

  // Of a constant of the function's own.
  std::string OfConstant(const OutlineFunction& function) const;

 private:
  std::string Render(const TagFacts& facts) const;
  EvidenceKind EvidenceOf(const OutlineCall& call) const;
  ModuleId ModuleOf(const OutlineFunction& function) const;
  ModuleId SharedBelow(const OutlineFunction& function, absl::Span<const NodeId> nodes) const;
  ModuleId SharedByAll(const OutlineFunction& function, absl::Span<const NodeId> nodes) const;

  const OwnedGraph& owned_;
  const OutlinePlan& plan_;
  const ClassPaths class_paths_;
  const PresetSet presets_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_OUTLINE_TAGS_H_
