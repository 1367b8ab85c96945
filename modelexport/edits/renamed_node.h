// A copy of a node in which everything has another name, also in its bodies.
#ifndef MODELEXPORT_EDITS_RENAMED_NODE_H_
#define MODELEXPORT_EDITS_RENAMED_NODE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/modules/body_form.h"

namespace modelexport {

// What a copy is called, and what it says of itself: of the node or of one in its bodies.
struct NewNames {
  std::function<std::string(NodeId, uint32_t)> input;  // Of the node's input at that position.
  std::function<std::string(ValueId)> value;           // Made by a node, or of a body.
  std::function<std::string(NodeId)> node;
  std::function<std::string(NodeId)> metadata;  // As fields of a NodeProto.
};

// The content of a NodeProto. Left out are metadata and texts for people; in bodies also
// annotations, and value_info of what is not theirs. All else is copied. `bodies.WhyNot(node)` must
// be "". Errors are those of reading the source.
absl::StatusOr<std::string> RenamedNode(const GraphView& graph, const BodyForms& bodies,
                                        NodeId node, const NewNames& names);

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_RENAMED_NODE_H_
