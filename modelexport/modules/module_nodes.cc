#include "modelexport/modules/module_nodes.h"

#include <algorithm>
#include <map>
#include <utility>

namespace modelexport {
namespace {

// By the number that a ModuleRanges gives a module: the first number beyond its subtree.
std::vector<uint32_t> EndsOfSubtrees(const Hierarchy& hierarchy, const ModuleRanges& ranges) {
  const size_t count = hierarchy.modules().size();
  std::vector<uint32_t> ends(count);
  // A parent precedes its children, so from the back each child's end is known.
  for (size_t m = count; m-- > 0;) {
    const ModuleId id(m);
    const absl::Span<const ModuleId> children = hierarchy.children(id);
    ends[ranges.number(id)] =
        children.empty() ? ranges.number(id) + 1 : ends[ranges.number(children.back())];
  }
  return ends;
}

// The call of `module` that `call` ran within; invalid if there is none.
CallId CallOf(const Hierarchy& hierarchy, ModuleId module, CallId call) {
  while (call.valid() && hierarchy.call(call).module != module) call = hierarchy.call(call).parent;
  return call;
}

// Where its own call is unknown a module that was called once can mean that one alone.
CallId OnlyCall(const Hierarchy& hierarchy, ModuleId module) {
  CallId only;
  for (size_t c = 0; c < hierarchy.calls().size(); ++c) {
    if (hierarchy.calls()[c].module != module) continue;
    if (only.valid()) return CallId();
    only = CallId(c);
  }
  return only;
}

}  // namespace

ModuleNodes::ModuleNodes(const OwnedGraph& owned)
    : ranges_(owned.hierarchy),
      first_(owned.hierarchy.modules().size() + 1),
      behind_of_(EndsOfSubtrees(owned.hierarchy, ranges_)) {
  const auto number = [&](size_t node) { return ranges_.number(owned.owners[node].module); };
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    if (owned.IsAttributed(NodeId(n))) ++first_[number(n) + 1];
  }
  for (size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  nodes_.resize(first_.back());
  std::vector<uint32_t> next(first_.begin(), first_.end() - 1);
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    if (owned.IsAttributed(NodeId(n))) {
      nodes_[next[number(n)]++] = NodeId(n);
    } else {
      unattributed_.emplace_back(n);
    }
  }
}

absl::Span<const NodeId> ModuleNodes::Between(size_t first, size_t behind) const {
  return absl::MakeConstSpan(nodes_).subspan(first_[first], first_[behind] - first_[first]);
}

absl::Span<const NodeId> ModuleNodes::own(ModuleId module) const {
  return Between(ranges_.number(module), ranges_.number(module) + 1);
}

absl::Span<const NodeId> ModuleNodes::subtree(ModuleId module) const {
  return Between(ranges_.number(module), behind_of_[ranges_.number(module)]);
}

std::vector<NodesOfCall> NodesByCall(const OwnedGraph& owned, const ModuleNodes& nodes,
                                     ModuleId module) {
  const CallId only = OnlyCall(owned.hierarchy, module);
  std::map<size_t, NodesOfCall> by_call;  // An invalid id has the greatest index.
  for (NodeId node : nodes.subtree(module)) {
    CallId call = CallOf(owned.hierarchy, module, owned.owner(node).call);
    if (!call.valid()) call = only;
    NodesOfCall& row = by_call[call.index()];
    row.call = call;
    row.nodes.push_back(node);
  }
  std::vector<NodesOfCall> rows;
  for (auto& entry : by_call) {
    std::sort(entry.second.nodes.begin(), entry.second.nodes.end());
    rows.push_back(std::move(entry.second));
  }
  return rows;
}

}  // namespace modelexport
