// The changes that make values of a graph its outputs too.
#ifndef MODELEXPORT_EDITS_TAP_LIST_H_
#define MODELEXPORT_EDITS_TAP_LIST_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/value_infos.h"
#include "modelexport/onnx/splice_plan.h"

namespace modelexport {

// Immutable once made.
class TapList {
 public:
  // Each of `infos`, values of the main graph that are no outputs, listed once, becomes an output
  // after those that there are, in this order. Nothing else changes.
  TapList(const GraphView& graph, absl::Span<const ValueInfo> infos);
  TapList(const TapList&) = delete;
  TapList& operator=(const TapList&) = delete;

  // One at most. They live as long as the list.
  absl::Span<const Edit> edits() const { return edits_; }

  // What takes the outputs out again of a copy that was made with edits(): `copy` is its index.
  std::vector<Edit> Undo(const ModelIndex& copy) const;

 private:
  std::string fields_;
  std::vector<Edit> edits_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_TAP_LIST_H_
