#include "modelexport/evidence/trace/inlined_calls.h"

#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "modelexport/evidence/trace/inlined_functions.h"

namespace modelexport {
namespace {

// "fc" of "layers.0.fc" and "layers.1.fc"; the whole of two that are equal.
absl::string_view CommonEnd(absl::string_view a, absl::string_view b) {
  size_t count = 0, whole = 0;
  while (count < a.size() && count < b.size() &&
         a[a.size() - 1 - count] == b[b.size() - 1 - count]) {
    ++count;
    const bool begins = count == a.size() || a[a.size() - 1 - count] == '.';
    if (begins && (count == b.size() || b[b.size() - 1 - count] == '.')) whole = count;
  }
  return a.substr(a.size() - whole);
}

class Anchorer {
 public:
  Anchorer(const Hierarchy& hierarchy, const ModuleRanges& ranges, std::vector<Anchor>* anchors)
      : hierarchy_(hierarchy), ranges_(ranges), anchors_(*anchors) {}

  void Run(const InlinedFunction& function) {
    if (function.size() < 2) return;
    std::vector<ModuleId> modules(function.size());
    absl::flat_hash_set<size_t> doubtful;
    for (const auto& [name, end] : CommonEnds(function)) {
      for (size_t c = 0; c < function.size(); ++c) {
        const absl::string_view path = PathOf(function[c], name);
        if (path.empty()) continue;
        const ModuleId around = Around(path, end);
        if (!modules[c].valid()) modules[c] = around;
        // Both are above the call: the deeper one says more, if it is below the other.
        if (ranges_.IsAncestorOrSelf(modules[c], around)) {
          modules[c] = around;
        } else if (!ranges_.IsAncestorOrSelf(around, modules[c])) {
          doubtful.insert(c);
        }
      }
    }
    for (size_t c = 0; c < function.size(); ++c) {
      if (!modules[c].valid() || modules[c] == Hierarchy::root() || doubtful.contains(c)) continue;
      for (const auto& [name, node] : function[c]) {
        if (!anchors_[node.index()].module.valid()) Propose(node, modules[c]);
      }
    }
  }

  // After all functions: what one learns says nothing about another.
  void Finish() {
    for (const auto& [node, module] : proposed_) {
      if (!module.valid()) continue;
      Anchor& anchor = anchors_[node.index()];
      anchor.module = module;
      anchor.exact = false;
    }
  }

 private:
  // The deepest of the modules of the calls around a node, none where one is not in the other.
  void Propose(NodeId node, ModuleId module) {
    const auto [proposed, is_first] = proposed_.emplace(node, module);
    if (is_first || !proposed->second.valid()) return;
    if (ranges_.IsAncestorOrSelf(proposed->second, module)) {
      proposed->second = module;
    } else if (!ranges_.IsAncestorOrSelf(module, proposed->second)) {
      proposed->second = ModuleId();
    }
  }

  // Of the nodes whose module is known in two calls or more: how all of their paths end.
  std::map<NameInFunction, absl::string_view> CommonEnds(const InlinedFunction& function) const {
    std::map<NameInFunction, absl::string_view> ends;
    std::map<NameInFunction, size_t> counts;
    for (const InlinedCall& call : function) {
      for (const auto& [name, node] : call) {
        const absl::string_view path = PathOf(call, name);
        if (path.empty()) continue;
        const auto added = ends.emplace(name, path);
        if (!added.second) added.first->second = CommonEnd(added.first->second, path);
        ++counts[name];
      }
    }
    for (auto end = ends.begin(); end != ends.end();) {
      end = counts[end->first] < 2 ? ends.erase(end) : std::next(end);
    }
    return ends;
  }

  // Of the node's module, "" if it is not known or the root.
  absl::string_view PathOf(const InlinedCall& call, const NameInFunction& name) const {
    const auto node = call.find(name);
    if (node == call.end()) return "";
    const Anchor& anchor = anchors_[node->second.index()];
    return anchor.module.valid() && anchor.exact ? hierarchy_.module(anchor.module).path : "";
  }

  ModuleId Around(absl::string_view path, absl::string_view end) const {
    if (path.size() == end.size()) return Hierarchy::root();
    const size_t dot = end.empty() ? 0 : 1;
    const ModuleId module = hierarchy_.FindModule(path.substr(0, path.size() - end.size() - dot));
    return module.valid() ? module : Hierarchy::root();
  }

  const Hierarchy& hierarchy_;
  const ModuleRanges& ranges_;
  std::vector<Anchor>& anchors_;
  absl::flat_hash_map<NodeId, ModuleId> proposed_;  // Not valid: calls contradict each other.
};

}  // namespace

void AnchorInlinedCalls(const GraphView& graph, const Hierarchy& hierarchy,
                        const ModuleRanges& ranges, std::vector<Anchor>* anchors) {
  Anchorer anchorer(hierarchy, ranges, anchors);
  for (const InlinedFunction& function : FindInlinedFunctions(graph)) anchorer.Run(function);
  anchorer.Finish();
}

}  // namespace modelexport
