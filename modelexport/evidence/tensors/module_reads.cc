#include "modelexport/evidence/tensors/module_reads.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/carried_on.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

std::vector<absl::string_view> NamesOfStored(const GraphView& graph) {
  std::vector<absl::string_view> names;
  for (const Value& value : graph.values()) {
    const bool is_made = value.producer.valid();
    if (!is_made && MayHaveTensorName(graph, value)) {
      names.push_back(graph.index().text(value.name));
    }
  }
  return names;
}

}  // namespace

ModuleReads::ModuleReads(const MatchContext& context)
    : graph_(context.graph), modules_(graph_.values().size()), held_(modules_.size()) {
  const ModuleNames names(context.hierarchy, NamesOfStored(graph_));
  note_ = names.note();
  for (size_t v = 0; v < modules_.size(); ++v) {
    if (EndsEarly(context, v)) return;
    if (!MayHaveTensorName(graph_, graph_.values()[v])) continue;
    modules_[v] = names.Find(graph_.name(ValueId(v)));
    if (!modules_[v].valid()) continue;
    held_[v] = ValueId(v);
    if (IsMatrix(ValueId(v))) has_matrix_.insert(modules_[v]);
  }
  names_any_ = std::any_of(held_.begin(), held_.end(), [](ValueId held) { return held.valid(); });
  if (names_any_) CarryOn(graph_, context.cancelled(), &held_);
}

std::vector<ValueId> ModuleReads::of(NodeId node) const {
  std::vector<ValueId> read;
  absl::flat_hash_set<ValueId> seen;  // A node may have very many inputs.
  const auto add = [&](ValueId value) {
    const ValueId held = value.valid() ? held_[value.index()] : ValueId();
    if (held.valid() && seen.insert(held).second) read.push_back(held);
  };
  if (ChangesFormAlone(graph_.op_type(node))) {
    if (!graph_.outputs(node).empty()) add(graph_.outputs(node)[0]);
    return read;
  }
  for (const ValueId input : graph_.inputs(node)) add(input);
  return read;
}

bool ModuleReads::IsMatrix(ValueId stored) const {
  const uint32_t tensor = graph_.value(stored).tensor;
  if (tensor == Value::kNoTensor) return false;
  const auto dims = graph_.index().dims(graph_.index().tensors()[tensor]);
  return std::count_if(dims.begin(), dims.end(), [](int64_t dim) { return dim > 1; }) > 1;
}

bool ModuleReads::MultipliesByUnknown(NodeId node) const {
  if (graph_.op_type(node) != "MatMul") return false;
  const absl::Span<const ValueId> inputs = graph_.inputs(node);
  return std::any_of(inputs.begin(), inputs.end(), [this](ValueId input) {
    return input.valid() && !held_[input.index()].valid() && IsMatrix(input);
  });
}

ValueId ModuleReads::BiasAfter(NodeId node) const {
  if (!MultipliesByUnknown(node) || graph_.outputs(node).size() != 1) return ValueId();
  const ValueId result = graph_.outputs(node)[0];
  if (!result.valid() || graph_.consumers(result).size() != 1) return ValueId();
  const NodeId reader = graph_.consumers(result)[0];
  const std::vector<ValueId> read = of(reader);
  if (graph_.op_type(reader) != "Add" || read.size() != 1) return ValueId();
  return has_matrix_.contains(module(read[0])) ? ValueId() : read[0];
}

}  // namespace modelexport
