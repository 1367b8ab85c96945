// Which operators ONNX Runtime's dynamic quantizer writes for an operator of an ONNX model, besides
// those that have its name in theirs, such as MatMulInteger. Source: python/tools/quantization/
// operators of ONNX Runtime 1.23.
#ifndef MODELEXPORT_EVIDENCE_TRACE_TOOLS_TABLE_DATA_H_
#define MODELEXPORT_EVIDENCE_TRACE_TOOLS_TABLE_DATA_H_

#include "absl/strings/string_view.h"

namespace modelexport {

// In the form of kOperatorTable (operator_table_data.h), a line for each ONNX operator: 0 where the
// other operator does its work, 2 where it scales or shifts the result of that.
inline constexpr absl::string_view kToolsTable =
    "Conv Add2 Cast2 Mul2 Reshape2\n"
    "Gemm Add2 Cast2 MatMulInteger0 Mul2\n"
    "MatMul Cast2 Mul2\n";

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TOOLS_TABLE_DATA_H_
