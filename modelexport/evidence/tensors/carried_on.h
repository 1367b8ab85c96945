// What values hold is handed on by operators that only change its form.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_CARRIED_ON_H_
#define MODELEXPORT_EVIDENCE_TENSORS_CARRIED_ON_H_

#include <atomic>
#include <vector>

#include "modelexport/base/cancellation.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {

// Whether a value may have the name of a stored tensor: it is one, an input of the model, or the
// result of an operator that only changes a form, on which tools hand a name on.
inline bool MayHaveTensorName(const GraphView& graph, const Value& value) {
  if (value.tensor != Value::kNoTensor) return true;
  if (value.producer.valid()) return ChangesFormAlone(graph.op_type(value.producer));
  return value.is_graph_input && value.graph == kMainGraph;
}

// Gives the results of such operators what their first input holds, unless they hold something.
// Ends soon after `*cancelled` becomes true; null: never.
template <typename Id>
void CarryOn(const GraphView& graph, const std::atomic<bool>* cancelled,
             std::vector<Id>* held_by_value) {
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    if (EndsEarly(cancelled, n)) return;
    const NodeId node(n);
    if (!ChangesFormAlone(graph.op_type(node)) || graph.inputs(node).empty()) continue;
    const ValueId input = graph.inputs(node)[0];
    if (!input.valid() || !(*held_by_value)[input.index()].valid()) continue;
    for (ValueId output : graph.outputs(node)) {
      if (!output.valid() || (*held_by_value)[output.index()].valid()) continue;
      (*held_by_value)[output.index()] = (*held_by_value)[input.index()];
    }
  }
}

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_CARRIED_ON_H_
