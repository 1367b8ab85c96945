// Computes the results of nodes from constants, as far as shapes depend on them.
#ifndef MODELEXPORT_VALIDATION_SHAPES_ONNX_EVALUATOR_H_
#define MODELEXPORT_VALIDATION_SHAPES_ONNX_EVALUATOR_H_

#include <vector>

// onnx/onnx_pb.h declares them.
namespace onnx {
class NodeProto;
class TensorProto;
class TypeProto;
}  // namespace onnx

namespace modelexport {

// The first output of `node`, an operator of ONNX's own domain, if it has one output and its inputs
// are small tensors of bool, int32, int64, float or double. `inputs` has null where nothing is
// known of an input, and `types` has its type, or null: that of Shape's and Size's suffices.
//
// False if the operator is none of those that exporters compute shapes with, or its inputs are not
// known. May throw what onnx throws at malformed tensors.
bool EvaluateNode(const onnx::NodeProto& node, const std::vector<const onnx::TensorProto*>& inputs,
                  const std::vector<const onnx::TypeProto*>& types, onnx::TensorProto* result);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_ONNX_EVALUATOR_H_
