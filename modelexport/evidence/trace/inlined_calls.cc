#include "modelexport/evidence/trace/inlined_calls.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/graph/inlined_names.h"

namespace modelexport {
namespace {

// One call: its nodes by their names in the function.
using InlinedCall = std::map<absl::string_view, NodeId>;
// The calls of one function.
using InlinedFunction = std::vector<InlinedCall>;

// Splits "MatMul_0__3" into "MatMul_0" and "__3"; of nested calls, "__3__1". The end is empty if
// the name is another.
std::pair<absl::string_view, absl::string_view> SplitNumbers(absl::string_view name) {
  size_t end = name.size();
  for (;;) {
    size_t digits = end;
    while (digits > 0 && absl::ascii_isdigit(name[digits - 1])) --digits;
    if (digits == end || digits < 3 || name.substr(digits - 2, 2) != "__") break;
    end = digits - 2;
  }
  return {name.substr(0, end), name.substr(end)};
}

// Neighbours with the same number are a call; calls of the same nodes are of one function.
std::vector<InlinedFunction> FunctionsOfNumbers(const GraphView& graph) {
  std::map<std::string, InlinedFunction> functions;
  absl::string_view number;
  InlinedCall call;
  const auto end_call = [&] {
    if (call.size() > 1) {
      std::string names;
      for (const auto& [name, node] : call) absl::StrAppend(&names, name, "\n");
      functions[names].push_back(std::move(call));
    }
    call.clear();
  };
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    const auto [name, its_number] = SplitNumbers(graph.name(NodeId(n)));
    if (its_number != number) end_call();
    number = its_number;
    if (!number.empty()) call.emplace(name, NodeId(n));
  }
  end_call();
  std::vector<InlinedFunction> found;
  found.reserve(functions.size());
  for (auto& [names, function] : functions) found.push_back(std::move(function));
  return found;
}

// The calls by what names begin with. Those of the first call are known by the function's name.
std::vector<InlinedFunction> FunctionsOfTokens(const GraphView& graph) {
  std::map<absl::string_view, std::map<absl::string_view, InlinedCall>> functions;
  std::vector<NodeId> without_token;
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    const absl::string_view name = graph.name(NodeId(n));
    if (!absl::StartsWith(name, kInlinedPrefix)) continue;
    const size_t token = name.find(kInlinedToken);
    const size_t number = token == absl::string_view::npos ? token : token + kInlinedToken.size();
    const size_t end = number == absl::string_view::npos ? number : name.find('_', number);
    if (end == absl::string_view::npos) {
      without_token.push_back(NodeId(n));
    } else {
      functions[name.substr(0, token)][name.substr(0, end)].emplace(name.substr(end + 1),
                                                                    NodeId(n));
    }
  }
  for (NodeId node : without_token) {
    const absl::string_view name = graph.name(node);
    for (size_t end = name.rfind('_'); end > kInlinedPrefix.size();
         end = name.rfind('_', end - 1)) {
      const auto function = functions.find(name.substr(0, end));
      if (function == functions.end()) continue;
      function->second[function->first].emplace(name.substr(end + 1), node);
      break;
    }
  }
  std::vector<InlinedFunction> found;
  for (auto& [name, calls] : functions) {
    InlinedFunction& function = found.emplace_back();
    for (auto& [call_name, call] : calls) function.push_back(std::move(call));
  }
  return found;
}

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
        if (!anchors_[node.index()].module.valid()) new_anchors_.push_back({node, modules[c]});
      }
    }
  }

  // After all functions: what one learns says nothing about another.
  void Finish() {
    for (const auto& [node, module] : new_anchors_) {
      Anchor& anchor = anchors_[node.index()];
      anchor.module = module;
      anchor.exact = false;
    }
  }

 private:
  // Of the nodes whose module is known in two calls or more: how all of their paths end.
  std::map<absl::string_view, absl::string_view> CommonEnds(const InlinedFunction& function) const {
    std::map<absl::string_view, absl::string_view> ends;
    absl::flat_hash_map<absl::string_view, size_t> counts;
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
  absl::string_view PathOf(const InlinedCall& call, absl::string_view name) const {
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
  std::vector<std::pair<NodeId, ModuleId>> new_anchors_;
};

}  // namespace

void AnchorInlinedCalls(const GraphView& graph, const Hierarchy& hierarchy,
                        const ModuleRanges& ranges, std::vector<Anchor>* anchors) {
  Anchorer anchorer(hierarchy, ranges, anchors);
  for (const InlinedFunction& function : FunctionsOfNumbers(graph)) anchorer.Run(function);
  for (const InlinedFunction& function : FunctionsOfTokens(graph)) anchorer.Run(function);
  anchorer.Finish();
}

}  // namespace modelexport
