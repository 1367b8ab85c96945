#include "modelexport/onnx/model_index.h"

#include <algorithm>

namespace modelexport {

absl::Span<const MetadataEntry> ModelIndex::metadata(NodeId id) const {
  const NodeRecord& record = node(id);
  return absl::MakeSpan(entries_).subspan(record.first_entry, record.num_entries);
}

GraphId ModelIndex::graph_of(NodeId id) const {
  const auto after = std::upper_bound(
      graphs_.begin(), graphs_.end(), id.index(),
      [](size_t node, const GraphRecord& graph) { return node < graph.first_node; });
  return GraphId(after - graphs_.begin() - 1);
}

absl::Span<const GraphRecord> ModelIndex::bodies(NodeId id) const {
  struct ByParent {
    // Graphs without a parent come before all bodies.
    static size_t Key(const GraphRecord& g) { return g.parent.valid() ? g.parent.index() + 1 : 0; }
    bool operator()(const GraphRecord& g, NodeId node) const { return Key(g) < node.index() + 1; }
    bool operator()(NodeId node, const GraphRecord& g) const { return node.index() + 1 < Key(g); }
  };
  const auto found = std::equal_range(graphs_.begin(), graphs_.end(), id, ByParent());
  return absl::MakeSpan(graphs_).subspan(found.first - graphs_.begin(), found.second - found.first);
}

absl::Span<const int64_t> ModelIndex::dims(const TensorRecord& tensor) const {
  return absl::MakeSpan(dims_).subspan(tensor.first_dim, tensor.num_dims);
}

}  // namespace modelexport
