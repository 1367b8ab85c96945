// Names for nodes that have none.
#ifndef MODELEXPORT_EDITS_NAME_LIST_H_
#define MODELEXPORT_EDITS_NAME_LIST_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/splice_plan.h"

namespace modelexport {

// Immutable once made.
class NameList {
 public:
  // Those of `nodes`, each listed once, that have no name get their place (GraphView::Place()) as
  // one, with "_" after it as often as another node has that name. `graph` must outlive the list.
  NameList(const GraphView& graph, absl::Span<const NodeId> nodes);

  // Each adds a field at the end of a node. They live as long as the list.
  absl::Span<const Edit> edits() const { return edits_; }

  // The name of a node in the copy; "" if it has none there either.
  absl::string_view NameOf(NodeId node) const;

  // What takes the names out again of a copy that was made with edits(): `copy` is its index.
  std::vector<Edit> Undo(const ModelIndex& copy) const;

 private:
  const GraphView& graph_;
  absl::flat_hash_map<NodeId, std::string> names_;
  std::vector<NodeId> named_;
  std::vector<std::string> fields_;  // Of named_, as they are encoded.
  std::vector<Edit> edits_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_NAME_LIST_H_
