// The shapes of the results of operators that are ONNX Runtime's own, which its optimizers put into
// models. onnx knows nothing of them.
#ifndef MODELEXPORT_VALIDATION_SHAPES_ONNX_RUNTIME_SHAPES_H_
#define MODELEXPORT_VALIDATION_SHAPES_ONNX_RUNTIME_SHAPES_H_

#include <functional>
#include <string>

// onnx/defs/shape_inference.h declares it.
namespace onnx {
struct InferenceContext;
}

namespace modelexport {

// As onnx::InferenceFunction.
using RuntimeShapes = std::function<void(onnx::InferenceContext&)>;

// Empty for operators that are not known. Source: onnxruntime/docs/ContribOperators.md, 1.32.
RuntimeShapes FindRuntimeShapes(const std::string& domain, const std::string& op_type);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_ONNX_RUNTIME_SHAPES_H_
