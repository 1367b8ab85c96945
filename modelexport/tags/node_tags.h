// What a tagged file says of its nodes, for programs that use tags:
//
//   MX_ASSIGN_OR_RETURN(const ModelFile file, ModelFile::Open("tagged.onnx", NodeTagKeys()));
//   for (size_t i = 0; i < file.graph().num_nodes(); ++i) {
//     const NodeTags tags = TagsOf(file.graph(), NodeId(i));
//     if (tags.module.has_value()) Use(*tags.module, tags.tag);
//   }
//
// Believes the file; validation/ judges whether it is right.
#ifndef MODELEXPORT_TAGS_NODE_TAGS_H_
#define MODELEXPORT_TAGS_NODE_TAGS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Values as the file has them (docs/tags.md). The views live as long as the graph's index.
struct NodeTags {
  absl::optional<absl::string_view> module;  // Its path, "" for the root; absent: not tagged.
  absl::string_view tag;                     // The class path; "" if there is none, as below.
  absl::string_view evidence;                // See EvidenceKindOf().
  absl::string_view call;
  absl::string_view also;  // See ParseAlso() in also_value.h.
  absl::string_view submodule;
};

// The keys whose values TagsOf() wants: those that a model must be opened with.
std::vector<std::string> NodeTagKeys();

// Of several entries with one key the first counts, as everywhere (docs/tags.md).
NodeTags TagsOf(const GraphView& graph, NodeId node);

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_NODE_TAGS_H_
