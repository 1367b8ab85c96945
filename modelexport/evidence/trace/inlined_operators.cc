#include "modelexport/evidence/trace/inlined_operators.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "modelexport/evidence/trace/operator_table.h"
#include "modelexport/graph/inlined_names.h"

namespace modelexport {
namespace {

// What a value's name begins with, up to the name in the function: "_inlfunc_HardSwish_token_3".
// Empty if it is no value between nodes of an operator's function.
absl::string_view CallOf(absl::string_view name) {
  absl::string_view rest = name;
  if (!absl::ConsumePrefix(&rest, kInlinedPrefix)) return "";
  const absl::string_view type = rest.substr(0, rest.find('_'));
  if (!absl::c_linear_search(OperatorTable::Get().op_types(), type)) return "";
  rest.remove_prefix(type.size());
  absl::string_view number = rest;
  if (absl::ConsumePrefix(&number, kInlinedToken)) {
    const size_t digits =
        std::find_if_not(number.begin(), number.end(), absl::ascii_isdigit) - number.begin();
    if (digits > 0) rest = number.substr(digits);
  }
  return name.substr(0, name.size() - rest.size());
}

}  // namespace

std::vector<std::vector<NodeId>> FindInlinedOperators(const GraphView& graph) {
  std::map<absl::string_view, std::vector<NodeId>> calls;
  for (size_t v = 0; v < graph.values().size(); ++v) {
    const ValueId value(v);
    const absl::string_view call = CallOf(graph.name(value));
    if (call.empty() || !graph.value(value).producer.valid()) continue;
    std::vector<NodeId>& nodes = calls[call];
    nodes.push_back(graph.value(value).producer);
    for (NodeId reader : graph.consumers(value)) nodes.push_back(reader);
  }
  std::vector<std::vector<NodeId>> found;
  for (auto& [call, nodes] : calls) {
    absl::c_sort(nodes);
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    const bool is_named = absl::c_any_of(nodes, [&](NodeId n) { return !graph.name(n).empty(); });
    if (!is_named) found.push_back(std::move(nodes));
  }
  return found;
}

void AnchorInlinedOperators(const GraphView& graph, std::vector<Anchor>* anchors) {
  for (const std::vector<NodeId>& nodes : FindInlinedOperators(graph)) {
    ModuleId module;
    bool agree = true;
    for (NodeId node : nodes) {
      const Anchor& anchor = (*anchors)[node.index()];
      if (!anchor.module.valid() || !anchor.exact) continue;
      agree = agree && (!module.valid() || module == anchor.module);
      module = anchor.module;
    }
    if (!agree || !module.valid()) continue;
    for (NodeId node : nodes) {
      Anchor& anchor = (*anchors)[node.index()];
      if (anchor.module.valid()) continue;
      anchor.module = module;
      anchor.exact = false;
    }
  }
}

}  // namespace modelexport
