#include "modelexport/evidence/tensors/carried_tensors.h"

#include "absl/strings/match.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/tensors/carried_on.h"
#include "modelexport/evidence/tensors/tensor_names.h"

namespace modelexport {
CarriedTensors::CarriedTensors(const GraphView& graph, const Hierarchy& hierarchy,
                               const std::atomic<bool>* cancelled)
    : tensors_(graph.values().size()) {
  if (hierarchy.tensors().empty()) return;
  NameValues(graph, hierarchy, cancelled);
  CarryOn(graph, cancelled, &tensors_);
}

void CarriedTensors::NameValues(const GraphView& graph, const Hierarchy& hierarchy,
                                const std::atomic<bool>* cancelled) {
  std::vector<absl::string_view> stored;
  for (size_t i = 0; i < tensors_.size(); ++i) {
    const Value& value = graph.values()[i];
    const absl::string_view name = graph.name(ValueId(i));
    if (value.producer.valid() || !MayHaveTensorName(graph, value)) continue;
    if (value.tensor != Value::kNoTensor || absl::StrContains(name, '.')) stored.push_back(name);
  }
  const TensorNames names(hierarchy, stored);
  note_ = names.note();
  for (size_t i = 0; i < tensors_.size(); ++i) {
    if (EndsEarly(cancelled, i)) return;
    const Value& value = graph.values()[i];
    if (!MayHaveTensorName(graph, value)) continue;
    tensors_[i] = names.Find(graph.name(ValueId(i)));
    num_named_ += tensors_[i].valid();
  }
}

}  // namespace modelexport
