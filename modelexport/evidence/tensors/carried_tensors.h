// Which tensor of the source model a value of the graph holds.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_CARRIED_TENSORS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_CARRIED_TENSORS_H_

#include <atomic>
#include <string>
#include <vector>

#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// By name, also that of its quantized form, or through operators that only change a tensor's form
// (see ParameterMatcher).
class CarriedTensors {
 public:
  // Both must outlive the object. Ends soon after `*cancelled` becomes true, with what it has;
  // null: never.
  CarriedTensors(const GraphView& graph, const Hierarchy& hierarchy,
                 const std::atomic<bool>* cancelled = nullptr);

  // Invalid for values that hold none.
  TensorId of(ValueId value) const { return tensors_[value.index()]; }

  // How many values have a tensor's name.
  size_t num_named() const { return num_named_; }

  // What wrapper was aligned, for people, or "".
  const std::string& note() const { return note_; }

 private:
  void NameValues(const GraphView& graph, const Hierarchy& hierarchy,
                  const std::atomic<bool>* cancelled);

  std::vector<TensorId> tensors_;  // By value.
  size_t num_named_ = 0;
  std::string note_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_CARRIED_TENSORS_H_
