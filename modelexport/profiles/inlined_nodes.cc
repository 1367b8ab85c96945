#include "modelexport/profiles/inlined_nodes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "modelexport/graph/inlined_names.h"

namespace modelexport {
namespace {

constexpr size_t kMaxCalls = 100'000;

// 12 of "12_MatMul_3", which is then "MatMul_3". False if it is otherwise.
bool TakeToken(absl::string_view* rest, uint64_t* token) {
  size_t end = 0;
  while (end < rest->size() && absl::ascii_isdigit((*rest)[end])) ++end;
  if (end == 0 || end == rest->size() || (*rest)[end] != '_') return false;
  if (end > 1 && (*rest)[0] == '0') return false;  // Written otherwise than by ONNX Runtime.
  if (!absl::SimpleAtoi(rest->substr(0, end), token) || *token == UINT64_MAX) return false;
  rest->remove_prefix(end + 1);
  return true;
}

}  // namespace

InlinedNodes::InlinedNodes(const OwnedGraph& owned, const std::vector<absl::string_view>& names)
    : owned_(owned) {
  PutInPlace();
  if (calls_.empty()) return;
  NameNodes();
  KeepKnown(names);
}

InlinedNode InlinedNodes::Find(absl::string_view name) const {
  if (known_.empty()) return {};
  const Split split = SplitName(name);
  const auto call = known_.find(split.call);
  if (call == known_.end()) return {};
  return {split.node, ModuleOf(split.node, call->second->module)};
}

void InlinedNodes::PutInPlace() {
  const ModelIndex& index = owned_.graph.index();
  const auto add_calls_of = [&](const GraphRecord& graph, ModuleId around, bool nested) {
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      AddCall(NodeId(n), around, nested);
    }
  };
  add_calls_of(index.graph(kMainGraph), Hierarchy::root(), false);
  for (size_t c = 0; c < calls_.size() && calls_.size() <= kMaxCalls; ++c) {
    add_calls_of(index.graph(calls_[c].function), calls_[c].module, true);
  }
  if (calls_.size() > kMaxCalls) calls_.clear();
}

void InlinedNodes::AddCall(NodeId node, ModuleId around, bool nested) {
  const GraphId callee = owned_.graph.callee(node);
  if (!callee.valid() || calls_.size() > kMaxCalls) return;
  const absl::string_view name = owned_.graph.op_type(node);
  const uint64_t token = times_named_[name]++ > 0 ? ++last_token_ : 0;
  calls_.push_back({{name, token}, callee, ModuleOf(node, around), nested});
}

ModuleId InlinedNodes::ModuleOf(NodeId node, ModuleId around) const {
  const ModuleId module = owned_.AttributedModule(node);
  const ModuleId base = owned_.owner(node).base;
  if (!module.valid() || !base.valid()) return module;
  if (!around.valid()) return ModuleId();
  const Hierarchy& hierarchy = owned_.hierarchy;
  return hierarchy.FindModule(hierarchy.PathAt(around, hierarchy.PathBelow(base, module)));
}

// Of functions of one name, in different domains, names do not tell which one is called.
void InlinedNodes::NameNodes() {
  absl::flat_hash_set<GraphId> named;
  for (const Call& call : calls_) {
    if (!named.insert(call.function).second) continue;
    const GraphRecord& graph = owned_.graph.index().graph(call.function);
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      const auto added =
          nodes_.try_emplace({call.name.first, owned_.graph.name(NodeId(n))}, NodeId(n));
      if (!added.second) added.first->second = NodeId();
    }
  }
}

InlinedNodes::Split InlinedNodes::SplitName(absl::string_view name) const {
  Split found;
  if (!absl::ConsumePrefix(&name, kInlinedPrefix)) return found;
  size_t ways = 0;
  const auto try_split = [&](absl::string_view function, uint64_t token, absl::string_view node) {
    const auto entry = nodes_.find({function, node});
    if (entry == nodes_.end()) return;
    ++ways;
    if (entry->second.valid()) found = {{entry->first.first, token}, entry->second};
  };
  for (size_t end = name.find('_'); end != absl::string_view::npos; end = name.find('_', end + 1)) {
    const absl::string_view function = name.substr(0, end);
    if (times_named_.find(function) == times_named_.end()) continue;
    try_split(function, 0, name.substr(end + 1));
    absl::string_view rest = name.substr(end);
    if (!absl::ConsumePrefix(&rest, kInlinedToken)) continue;
    uint64_t token = 0;
    if (TakeToken(&rest, &token)) try_split(function, token + 1, rest);
  }
  return ways == 1 ? found : Split();
}

void InlinedNodes::KeepKnown(const std::vector<absl::string_view>& names) {
  std::map<absl::string_view, std::set<uint64_t>> seen;  // Tokens by function.
  for (absl::string_view name : names) {
    const CallName call = SplitName(name).call;
    if (!call.first.empty()) seen[call.first].insert(call.second);
  }
  absl::flat_hash_map<CallName, const Call*> counted;
  absl::flat_hash_map<absl::string_view, std::vector<const Call*>> of_function;
  absl::flat_hash_set<absl::string_view> nested;
  for (const Call& call : calls_) {
    counted.emplace(call.name, &call);
    of_function[call.name.first].push_back(&call);
    if (call.nested) nested.insert(call.name.first);
  }
  const absl::flat_hash_set<absl::string_view> in_bodies = CalledInBodies();
  bool all_counted = in_bodies.empty();
  for (const auto& [function, tokens] : seen) {
    for (uint64_t token : tokens) {
      all_counted = all_counted && counted.contains(CallName(function, token));
    }
  }
  if (all_counted) {
    known_ = std::move(counted);
    return;
  }
  for (const auto& [function, tokens] : seen) {
    const std::vector<const Call*>& calls = of_function[function];
    if (nested.contains(function) || in_bodies.contains(function)) continue;
    if (tokens.size() != calls.size()) continue;
    size_t position = 0;
    for (uint64_t token : tokens) known_[{function, token}] = calls[position++];
  }
}

absl::flat_hash_set<absl::string_view> InlinedNodes::CalledInBodies() const {
  absl::flat_hash_set<absl::string_view> functions;
  for (const GraphRecord& graph : owned_.graph.index().graphs()) {
    if (graph.kind != GraphRecord::Kind::kBody) continue;
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      if (owned_.graph.callee(NodeId(n)).valid()) functions.insert(owned_.graph.op_type(NodeId(n)));
    }
  }
  return functions;
}

}  // namespace modelexport
