#include "modelexport/evidence/tensors/carried_tensors.h"

#include "absl/strings/match.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/tensors/tensor_names.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

// Whether it is an input of the model, as weights may be.
bool IsGiven(const Value& value) {
  return value.is_graph_input && value.graph == GraphId(0) && !value.producer.valid();
}

}  // namespace

CarriedTensors::CarriedTensors(const GraphView& graph, const Hierarchy& hierarchy,
                               const std::atomic<bool>* cancelled)
    : tensors_(graph.values().size()) {
  if (hierarchy.tensors().empty()) return;
  NameValues(graph, hierarchy, cancelled);
  CarryOn(graph, cancelled);
}

void CarriedTensors::NameValues(const GraphView& graph, const Hierarchy& hierarchy,
                                const std::atomic<bool>* cancelled) {
  std::vector<absl::string_view> stored;
  for (size_t i = 0; i < tensors_.size(); ++i) {
    const Value& value = graph.values()[i];
    const absl::string_view name = graph.name(ValueId(i));
    const bool is_given = IsGiven(value) && absl::StrContains(name, '.');
    if (value.tensor != Value::kNoTensor || is_given) stored.push_back(name);
  }
  const TensorNames names(hierarchy, stored);
  note_ = names.note();
  for (size_t i = 0; i < tensors_.size(); ++i) {
    if (EndsEarly(cancelled, i)) return;
    const Value& value = graph.values()[i];
    // Results of operators can only have a tensor's name where a tool handed it on.
    const bool carried = value.producer.valid() && ChangesFormAlone(graph.op_type(value.producer));
    if (value.tensor == Value::kNoTensor && !carried && !IsGiven(value)) continue;
    tensors_[i] = names.Find(graph.name(ValueId(i)));
    num_named_ += tensors_[i].valid();
  }
}

void CarriedTensors::CarryOn(const GraphView& graph, const std::atomic<bool>* cancelled) {
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    if (EndsEarly(cancelled, n)) return;
    const NodeId node(n);
    if (!ChangesFormAlone(graph.op_type(node)) || graph.inputs(node).empty()) continue;
    const ValueId input = graph.inputs(node)[0];
    if (!input.valid() || !tensors_[input.index()].valid()) continue;
    for (ValueId output : graph.outputs(node)) {
      if (output.valid() && !tensors_[output.index()].valid()) {
        tensors_[output.index()] = tensors_[input.index()];
      }
    }
  }
}

}  // namespace modelexport
