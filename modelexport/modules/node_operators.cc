#include "modelexport/modules/node_operators.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/modules/plain_attribute.h"
#include "modelexport/onnx/operator_domain.h"

namespace modelexport {
namespace {

absl::StatusOr<std::string> Described(const GraphView& graph, NodeId node) {
  const ModelIndex& index = graph.index();
  const NodeRecord& record = index.node(node);
  const auto attributes = PlainAttributes(index, node, kMaxComparedNode);
  if (absl::IsResourceExhausted(attributes.status())) return absl::StrCat(node.index());
  MX_RETURN_IF_ERROR(attributes.status());
  const absl::string_view zero("\0", 1);
  return absl::StrCat(graph.op_type(node), zero, NormalizedDomain(index.text(record.domain)), zero,
                      index.text(record.overload), zero, *attributes);
}

absl::StatusOr<std::string> DescribedWhole(const GraphView& graph, const BodyForms& bodies,
                                           NodeId node) {
  const auto describe = [&](NodeId each) { return Described(graph, each); };
  MX_ASSIGN_OR_RETURN(const std::string described, describe(node));
  const bool is_large = graph.index().node(node).range.content().size() > kMaxComparedNode;
  if (is_large || graph.index().bodies(node).empty()) return described;
  MX_ASSIGN_OR_RETURN(const std::string form, bodies.Of(node, describe));
  return absl::StrCat(described, form);
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> NumberOperators(const GraphView& graph,
                                                      const BodyForms& bodies) {
  std::vector<uint32_t> numbers(graph.num_nodes());
  absl::flat_hash_map<std::string, uint32_t> known;
  const GraphRecord& main = graph.index().graphs()[0];
  for (size_t n = main.first_node; n < main.first_node + main.num_nodes; ++n) {
    MX_ASSIGN_OR_RETURN(std::string described, DescribedWhole(graph, bodies, NodeId(n)));
    numbers[n] = known.try_emplace(std::move(described), known.size() + 1).first->second;
  }
  return numbers;
}

}  // namespace modelexport
