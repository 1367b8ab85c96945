// How many multiply-accumulates an operator takes, by the shapes that it reads and makes.
//
// The table and its rules are in docs/costs.md. They count what the definition of the operator
// multiplies and adds up, as torch.utils.flop_counter does (2 operations each): whatever a runtime
// does instead, no biases, no activation functions, no masks.
#ifndef MODELEXPORT_COSTS_OPERATOR_MACS_H_
#define MODELEXPORT_COSTS_OPERATOR_MACS_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/costs/count.h"
#include "modelexport/costs/dims.h"
#include "modelexport/onnx/attributes.h"

namespace modelexport {

// What a rule sees of a node.
class NodeShapes {
 public:
  // One of each for each name in the lists of the node; absent for one that is left out.
  using List = std::vector<absl::optional<Dims>>;

  // `attributes` must outlive the object.
  NodeShapes(List inputs, List outputs, const Attributes& attributes)
      : inputs_(std::move(inputs)), outputs_(std::move(outputs)), attributes_(&attributes) {}

  bool has_input(size_t i) const { return i < inputs_.size() && inputs_[i].has_value(); }
  size_t num_inputs() const { return inputs_.size(); }

  // Nothing is known of one that is left out.
  Dims input(size_t i) const { return has_input(i) ? *inputs_[i] : Dims(); }
  Dims output() const {
    return !outputs_.empty() && outputs_[0].has_value() ? *outputs_[0] : Dims();
  }

  const Attributes& attributes() const { return *attributes_; }

 private:
  List inputs_, outputs_;
  const Attributes* attributes_;
};

using MacRule = Count (*)(const NodeShapes& node);

// The rule of operators that have none by definition: 0.
Count NoMacs(const NodeShapes& node);

// Null for operators of which nothing is known. `domain` is normalized (onnx/operator_domain.h).
MacRule FindMacRule(absl::string_view domain, absl::string_view op_type);

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_OPERATOR_MACS_H_
