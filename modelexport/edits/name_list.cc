#include "modelexport/edits/name_list.h"

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
NameList::NameList(const GraphView& graph, absl::Span<const NodeId> nodes) : graph_(graph) {
  absl::flat_hash_set<std::string> taken;
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    const absl::string_view name = graph.name(NodeId(n));
    // Only these can be the name of a place.
    if (!name.empty() && name.find('#') != absl::string_view::npos) taken.emplace(name);
  }
  for (NodeId node : nodes) {
    if (!graph.name(node).empty()) continue;
    std::string name = graph.Place(node);
    while (!taken.insert(name).second) name += '_';
    fields_.emplace_back();
    AppendBytesField(node_proto::kName, name, &fields_.back());
    named_.push_back(node);
    names_.emplace(node, std::move(name));
  }
  for (size_t i = 0; i < named_.size(); ++i) {
    const MessageRef message = MessageRef::Of(named_[i]);
    const uint64_t end = ContentOf(graph.index(), message).end;
    edits_.push_back({message, {{end, end}, fields_[i]}});
  }
}

absl::string_view NameList::NameOf(NodeId node) const {
  const auto found = names_.find(node);
  return found == names_.end() ? graph_.name(node) : absl::string_view(found->second);
}

std::vector<Edit> NameList::Undo(const ModelIndex& copy) const {
  std::vector<Edit> edits;
  for (size_t i = 0; i < named_.size(); ++i) {
    const MessageRef message = MessageRef::Of(named_[i]);
    const uint64_t end = ContentOf(copy, message).end;
    edits.push_back({message, {{end - fields_[i].size(), end}, ""}});
  }
  return edits;
}

}  // namespace modelexport
