// How many nodes of each row of a table have which of a few labels, such as their precision.
#ifndef MODELEXPORT_MODULES_LABEL_COUNTS_H_
#define MODELEXPORT_MODULES_LABEL_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// A label for each node, or none.
class NodeLabels {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit NodeLabels(size_t num_nodes) : of_node_(num_nodes, kNone) {}

  void Set(NodeId node, absl::string_view label);

  const std::vector<std::string>& labels() const { return labels_; }  // In order of appearance.

  // A position in labels(), or kNone.
  uint32_t of(NodeId node) const { return of_node_[node.index()]; }

  size_t NumLabelled() const;

 private:
  std::vector<std::string> labels_;
  absl::flat_hash_map<std::string, uint32_t> positions_;
  std::vector<uint32_t> of_node_;
};

// A label's position, and how many nodes have it; at least one. In the order of labels.
using LabelCount = std::pair<uint32_t, size_t>;

struct LabelCounts {
  std::vector<std::vector<LabelCount>> rows;  // By row, with those below it.
  std::vector<LabelCount> unattributed;
};

// Takes time in proportion to the nodes, and for each row the different labels below it.
LabelCounts CountLabels(const OwnedGraph& owned, const ModuleRows& rows, const NodeLabels& labels);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_LABEL_COUNTS_H_
