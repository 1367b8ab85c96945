#include "modelexport/evidence/trace/inlined_calls.h"

#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
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

// The module of a node, invalid if this kind of evidence does not tell it.
using Witness = absl::FunctionRef<ModuleId(NodeId)>;

class Anchorer {
 public:
  Anchorer(const Hierarchy& hierarchy, const ModuleRanges& ranges, Witness owner_of_tensors,
           std::vector<Anchor>* anchors)
      : hierarchy_(hierarchy),
        ranges_(ranges),
        owner_of_tensors_(owner_of_tensors),
        anchors_(*anchors) {}

  void Run(const InlinedFunction& function) {
    if (function.size() < 2) return;
    std::vector<Place> places(function.size());
    // One by one: who reads a tensor of a module may be in a module around it, in all calls alike.
    Ask([this](NodeId node) { return OfAnchor(node); }, function, &places);
    Ask(owner_of_tensors_, function, &places);
    for (size_t c = 0; c < function.size(); ++c) {
      if (places[c].module == Hierarchy::root() || places[c].is_doubtful) continue;
      for (const auto& [name, node] : function[c]) {
        if (!anchors_[node.index()].module.valid()) Propose(node, places[c].module);
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
  // Where a call is: in this module or below it.
  struct Place {
    ModuleId module = Hierarchy::root();
    bool is_doubtful = false;
  };

  ModuleId OfAnchor(NodeId node) const {
    const Anchor& anchor = anchors_[node.index()];
    return anchor.exact ? anchor.module : ModuleId();
  }

  void Ask(Witness witness, const InlinedFunction& function, std::vector<Place>* places) const {
    for (const auto& [name, end] : CommonEnds(witness, function)) {
      for (size_t c = 0; c < function.size(); ++c) {
        const absl::string_view path = PathOf(witness, function[c], name);
        if (path.empty()) continue;
        const ModuleId around = Around(path, end);
        Place& place = (*places)[c];
        // Both are above the call: the deeper one says more, if it is below the other.
        if (ranges_.IsAncestorOrSelf(place.module, around)) {
          place.module = around;
        } else if (!ranges_.IsAncestorOrSelf(around, place.module)) {
          place.is_doubtful = true;
        }
      }
    }
  }

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
  std::map<NameInFunction, absl::string_view> CommonEnds(Witness witness,
                                                         const InlinedFunction& function) const {
    std::map<NameInFunction, absl::string_view> ends;
    std::map<NameInFunction, size_t> counts;
    for (const InlinedCall& call : function) {
      for (const auto& [name, node] : call) {
        const absl::string_view path = PathOf(witness, call, name);
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
  absl::string_view PathOf(Witness witness, const InlinedCall& call,
                           const NameInFunction& name) const {
    const auto node = call.find(name);
    if (node == call.end()) return "";
    const ModuleId module = witness(node->second);
    return module.valid() ? hierarchy_.module(module).path : "";
  }

  ModuleId Around(absl::string_view path, absl::string_view end) const {
    if (path.size() == end.size()) return Hierarchy::root();
    const size_t dot = end.empty() ? 0 : 1;
    const ModuleId module = hierarchy_.FindModule(path.substr(0, path.size() - end.size() - dot));
    return module.valid() ? module : Hierarchy::root();
  }

  const Hierarchy& hierarchy_;
  const ModuleRanges& ranges_;
  const Witness owner_of_tensors_;
  std::vector<Anchor>& anchors_;
  absl::flat_hash_map<NodeId, ModuleId> proposed_;  // Not valid: calls contradict each other.
};

}  // namespace

void AnchorInlinedCalls(const GraphView& graph, const Hierarchy& hierarchy,
                        const ModuleRanges& ranges,
                        absl::FunctionRef<ModuleId(NodeId)> owner_of_tensors,
                        std::vector<Anchor>* anchors) {
  Anchorer anchorer(hierarchy, ranges, owner_of_tensors, anchors);
  for (const InlinedFunction& function : FindInlinedFunctions(graph)) anchorer.Run(function);
  anchorer.Finish();
}

}  // namespace modelexport
