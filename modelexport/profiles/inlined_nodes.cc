#include "modelexport/profiles/inlined_nodes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/graph/inlined_names.h"

namespace modelexport {
namespace {

constexpr size_t kMaxCalls = 100'000;

// "12" of "12_MatMul_3", which is then "MatMul_3"; empty, and `rest` as it was, if it is otherwise.
absl::string_view TakeToken(absl::string_view* rest) {
  size_t end = 0;
  while (end < rest->size() && absl::ascii_isdigit((*rest)[end])) ++end;
  if (end == 0 || end == rest->size() || (*rest)[end] != '_') return "";
  const absl::string_view token = rest->substr(0, end);
  rest->remove_prefix(end + 1);
  return token;
}

uint64_t TokenOf(absl::string_view call, absl::string_view function) {
  uint64_t token = 0;
  call.remove_prefix(function.size());
  if (!absl::ConsumePrefix(&call, kInlinedToken)) return 0;
  return absl::SimpleAtoi(call, &token) ? token + 1 : UINT64_MAX;
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
  const NodeId node = nodes_.at({split.function, split.node});
  return {node, ModuleOf(node, call->second->module)};
}

void InlinedNodes::PutInPlace() {
  const ModelIndex& index = owned_.graph.index();
  const auto add_calls_of = [&](const GraphRecord& graph, ModuleId around, bool nested) {
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      AddCall(NodeId(n), around, nested);
    }
  };
  add_calls_of(index.graph(GraphId(0)), Hierarchy::root(), false);
  for (size_t c = 0; c < calls_.size() && calls_.size() <= kMaxCalls; ++c) {
    add_calls_of(index.graph(calls_[c].function), calls_[c].module, true);
  }
  if (calls_.size() > kMaxCalls) calls_.clear();
}

void InlinedNodes::AddCall(NodeId node, ModuleId around, bool nested) {
  const GraphId callee = owned_.graph.callee(node);
  if (!callee.valid() || calls_.size() > kMaxCalls) return;
  const absl::string_view name = owned_.graph.op_type(node);
  Call call = {callee, ModuleOf(node, around), nested, std::string(name)};
  if (times_named_[name]++ > 0) absl::StrAppend(&call.name, kInlinedToken, next_token_++);
  calls_.push_back(std::move(call));
}

ModuleId InlinedNodes::ModuleOf(NodeId node, ModuleId around) const {
  const Owner& owner = owned_.owner(node);
  if (!owned_.IsAttributed(node)) return ModuleId();
  if (!owner.base.valid()) return owner.module;
  if (!around.valid()) return ModuleId();
  const Hierarchy& hierarchy = owned_.hierarchy;
  absl::string_view below = hierarchy.module(owner.module).path;
  absl::ConsumePrefix(&below, hierarchy.module(owner.base).path);
  absl::ConsumePrefix(&below, ".");
  const absl::string_view path = hierarchy.module(around).path;
  return hierarchy.FindModule(absl::StrCat(path, path.empty() || below.empty() ? "" : ".", below));
}

// Of functions of one name, in different domains, names do not tell which one is called.
void InlinedNodes::NameNodes() {
  absl::flat_hash_set<GraphId> named;
  for (const Call& call : calls_) {
    if (!named.insert(call.function).second) continue;
    const GraphRecord& graph = owned_.graph.index().graph(call.function);
    const absl::string_view function = FunctionOf(call.function);
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      const auto added = nodes_.try_emplace({function, owned_.graph.name(NodeId(n))}, NodeId(n));
      if (!added.second) added.first->second = NodeId();
    }
  }
}

InlinedNodes::Split InlinedNodes::SplitName(absl::string_view name) const {
  Split found;
  if (!absl::ConsumePrefix(&name, kInlinedPrefix)) return found;
  size_t ways = 0;
  const auto try_split = [&](absl::string_view function, absl::string_view token,
                             absl::string_view node) {
    const auto entry = nodes_.find({function, node});
    if (entry == nodes_.end()) return;
    ++ways;
    if (!entry->second.valid()) return;
    found = {std::string(function), entry->first.first, entry->first.second};
    if (!token.empty()) absl::StrAppend(&found.call, kInlinedToken, token);
  };
  for (size_t end = name.find('_'); end != absl::string_view::npos; end = name.find('_', end + 1)) {
    const absl::string_view function = name.substr(0, end);
    if (times_named_.find(function) == times_named_.end()) continue;
    try_split(function, "", name.substr(end + 1));
    absl::string_view rest = name.substr(end);
    if (!absl::ConsumePrefix(&rest, kInlinedToken)) continue;
    const absl::string_view token = TakeToken(&rest);
    if (!token.empty()) try_split(function, token, rest);
  }
  return ways == 1 ? found : Split();
}

void InlinedNodes::KeepKnown(const std::vector<absl::string_view>& names) {
  std::map<absl::string_view, std::map<uint64_t, std::string>> seen;  // By function and token.
  for (absl::string_view name : names) {
    const Split split = SplitName(name);
    if (!split.call.empty()) seen[split.function][TokenOf(split.call, split.function)] = split.call;
  }
  absl::flat_hash_map<absl::string_view, const Call*> counted;
  absl::flat_hash_map<absl::string_view, std::vector<const Call*>> of_function;
  absl::flat_hash_set<absl::string_view> nested;
  for (const Call& call : calls_) {
    const absl::string_view function = FunctionOf(call.function);
    counted.emplace(call.name, &call);
    of_function[function].push_back(&call);
    if (call.nested) nested.insert(function);
  }
  const absl::flat_hash_set<absl::string_view> in_bodies = CalledInBodies();
  bool all_counted = in_bodies.empty();
  for (const auto& [function, tokens] : seen) {
    for (const auto& [token, call] : tokens) all_counted = all_counted && counted.contains(call);
  }
  for (const auto& [function, tokens] : seen) {
    const std::vector<const Call*>& calls = of_function[function];
    const bool by_order = !nested.contains(function) && !in_bodies.contains(function) &&
                          tokens.size() == calls.size();
    size_t position = 0;
    for (const auto& [token, call] : tokens) {
      if (all_counted) {
        known_[call] = counted[call];
      } else if (by_order) {
        known_[call] = calls[position++];
      }
    }
  }
}

absl::string_view InlinedNodes::FunctionOf(GraphId function) const {
  return owned_.graph.op_type(owned_.graph.callers(function)[0]);
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
