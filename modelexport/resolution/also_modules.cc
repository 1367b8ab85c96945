#include "modelexport/resolution/also_modules.h"

#include <algorithm>
#include <utility>

namespace modelexport {

absl::string_view TextOf(AlsoReason reason) {
  switch (reason) {
    case AlsoReason::kTags:
      return "the model is tagged so";
    case AlsoReason::kName:
      return "a name of the node speaks of it";
    case AlsoReason::kOperator:
      return "an operator of it has no other node";
    case AlsoReason::kEqual:
      return "an operator of it is equal, and has no other node";
    case AlsoReason::kTensor:
      return "the node reads a tensor that it read";
    case AlsoReason::kFolded:
      return "it has neither a node nor tensors here: they were folded into the node's";
  }
  return "";
}

void AlsoModules::Add(NodeId node, std::vector<AlsoModule> modules) {
  if (modules.empty()) return;
  const auto before = [](const AlsoModule& a, const AlsoModule& b) { return a.module < b.module; };
  const auto same = [](const AlsoModule& a, const AlsoModule& b) { return a.module == b.module; };
  std::stable_sort(modules.begin(), modules.end(), before);
  modules.erase(std::unique(modules.begin(), modules.end(), same), modules.end());
  nodes_.push_back(node);
  modules_.push_back(std::move(modules));
}

absl::Span<const AlsoModule> AlsoModules::of(NodeId node) const {
  const auto found = std::lower_bound(nodes_.begin(), nodes_.end(), node);
  if (found == nodes_.end() || *found != node) return {};
  return modules_[found - nodes_.begin()];
}

}  // namespace modelexport
