// onnx's shape inference, made to see through the arithmetic of shapes and through ONNX Runtime's
// operators.
#ifndef MODELEXPORT_VALIDATION_SHAPES_ONNX_INFERENCE_H_
#define MODELEXPORT_VALIDATION_SHAPES_ONNX_INFERENCE_H_

// onnx/onnx_pb.h declares it.
namespace onnx {
class ModelProto;
}

namespace modelexport {

// Adds the types that are found to `model`, as onnx::shape_inference::InferShapes() does, with data
// propagation. In its main graph
//   - results that EvaluateNode() knows count as constants for the nodes that read them: exporters
//     compute shapes with operators that onnx's data propagation does not follow;
//   - com.microsoft's operators have the shapes of FindRuntimeShapes().
// One pass over the nodes. Throws what onnx throws.
void InferModelShapes(onnx::ModelProto* model);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_ONNX_INFERENCE_H_
