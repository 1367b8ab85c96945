#include "modelexport/evidence/names/result_names.h"

#include "absl/strings/strip.h"
#include "modelexport/base/number_text.h"
#include "modelexport/evidence/names/scope_name.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

// Where a name was taken, ONNX Runtime appends "_token_<n>".
absl::string_view WithoutToken(absl::string_view name) {
  constexpr absl::string_view kToken = "_token_";
  const size_t mark = name.rfind(kToken);
  if (mark == absl::string_view::npos) return name;
  return IsNumber(name.substr(mark + kToken.size())) ? name.substr(0, mark) : name;
}

bool IsInBlocks(const GraphView& graph, NodeId node) {
  return graph.index().text(graph.index().node(node).domain) == "com.microsoft.nchwc";
}

// Of the name of a node in blocks.
absl::string_view WithoutBlocks(absl::string_view name) {
  name = WithoutToken(name);
  if (!absl::ConsumeSuffix(&name, "_nchwc")) return "";
  absl::ConsumeSuffix(&name, "_bn");  // Of a BatchNormalization that became a Conv.
  return name;
}

// `names` has a name for each node and each value.
template <typename Names>
ResultNames Collect(const GraphView& graph, NodeId node, const Names& names) {
  ResultNames results;
  if (IsReorder(graph.op_type(node))) return results;
  if (IsInBlocks(graph, node)) {
    const absl::string_view before = WithoutBlocks(names(node));
    if (!before.empty()) results.push_back(before);
  }
  for (const ValueId output : graph.outputs(node)) {
    if (output.valid()) results.push_back(names(output));
  }
  return results;
}

}  // namespace

absl::string_view NameBeforeBlocks(const GraphView& graph, NodeId node) {
  return IsInBlocks(graph, node) ? WithoutBlocks(graph.name(node)) : "";
}

ResultNames ResultNamesOf(const GraphView& graph, NodeId node) {
  return Collect(graph, node, [&graph](auto id) { return graph.name(id); });
}

ResultNames ResultNamesOf(const GraphView& graph, const ExportedNames& names, NodeId node) {
  return Collect(graph, node, [&names](auto id) { return names.of(id); });
}

}  // namespace modelexport
