// Which nodes a name stands for.
#ifndef MODELEXPORT_VIEW_NODE_NAMES_H_
#define MODELEXPORT_VIEW_NODE_NAMES_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "modelexport/view/view_data.h"

namespace modelexport {

// By node: whether it has a name, and no other node of the file has the same.
inline std::vector<bool> HaveOwnNames(const ViewData& data) {
  absl::flat_hash_map<absl::string_view, int> counts;
  for (const ViewData::Node& node : data.nodes) ++counts[node.name];
  std::vector<bool> own;
  own.reserve(data.nodes.size());
  for (const ViewData::Node& node : data.nodes) {
    own.push_back(!node.name.empty() && counts[node.name] == 1);
  }
  return own;
}

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_NODE_NAMES_H_
