// The types of the values of a model with as many numbers in their shapes as can be known.
#ifndef MODELEXPORT_COSTS_VALUE_SHAPES_H_
#define MODELEXPORT_COSTS_VALUE_SHAPES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/edits/bound_dims.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/type_inference.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {

struct ShapeSources {
  DimValues dims;  // Values of dimensions that have names in the model.
  // Asked where what the model declares, with `dims`, does not suffice; may be empty.
  TypeInference inference;
};

// Immutable.
class ValueShapes {
 public:
  // `declared` must be that of the index of `graph`. No tensor of more than kHeavyTensor bytes is
  // read. Where inference cannot judge the model, a note says why. A type that cannot be read is an
  // error, as in ReadValueType().
  static absl::StatusOr<ValueShapes> Read(const GraphView& graph, const Declarations& declared,
                                          const ShapeSources& sources);

  // Of Kind::kUnknown where nothing is known, and for an input that is left out (an invalid id).
  const ValueType& type(ValueId id) const { return id.valid() ? types_[id.index()] : unknown_; }

  // The names of dimensions of the model's inputs, in their order, each once.
  const std::vector<std::string>& input_dims() const { return input_dims_; }

  const std::vector<std::string>& notes() const { return notes_; }

 private:
  friend class ValueShapeReader;
  ValueShapes() = default;

  std::vector<ValueType> types_;  // By value.
  ValueType unknown_;
  std::vector<std::string> input_dims_;
  std::vector<std::string> notes_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_VALUE_SHAPES_H_
