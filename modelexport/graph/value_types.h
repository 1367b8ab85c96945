// The types of the values of a GraphView, as far as the model declares them.
//
//   MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(graph.index()));
//   MX_ASSIGN_OR_RETURN(const ValueTypes types, ValueTypes::Read(graph, declared));
//   for (ValueId input : graph.inputs(node)) std::cout << ToString(types.type(input)) << "\n";
#ifndef MODELEXPORT_GRAPH_VALUE_TYPES_H_
#define MODELEXPORT_GRAPH_VALUE_TYPES_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {

// Immutable. Takes about 80 bytes for each value, and 48 more for each dimension.
//
// The type of a value is what the graph in which it is defined says of its name, in this order:
// - the tensor, if it is an initializer and no graph input (an input may be given another tensor);
// - the first of the graph's inputs, outputs and value_info, in this order and in file order among
//   each, that gives a type;
// - the tensor, if it is an initializer.
// A sparse initializer has the type that is declared, if any: the index does not keep its shape.
class ValueTypes {
 public:
  // `declared` must be that of the index of `graph`. A type that cannot be read is an error as in
  // ReadValueType().
  static absl::StatusOr<ValueTypes> Read(const GraphView& graph, const Declarations& declared);

  // Of Kind::kUnknown if the model does not say, and for an input that is left out (an invalid id).
  const ValueType& type(ValueId id) const { return id.valid() ? types_[id.index()] : unknown_; }

  // The content of the ValueInfoProto that type(id) is from, to be copied as that of another;
  // empty if it is from a tensor or unknown. `id` must be valid.
  Range declaration(ValueId id) const { return declarations_[id.index()]; }

 private:
  friend class ValueTypeReader;
  ValueTypes() = default;

  std::vector<ValueType> types_;     // By value.
  std::vector<Range> declarations_;  // By value.
  ValueType unknown_;
};

// The type of a dense tensor; data_type and dims are as the file has them.
ValueType TypeOf(const ModelIndex& index, const TensorRecord& tensor);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_VALUE_TYPES_H_
