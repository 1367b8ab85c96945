// The checker that comes with onnx, as a ModelChecker:
//
//   request.checker = CheckWithOnnx;
//
// A program that links this builds onnx.
#ifndef MODELEXPORT_VALIDATION_ONNX_CHECKER_H_
#define MODELEXPORT_VALIDATION_ONNX_CHECKER_H_

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/validation/model_checker.h"

namespace modelexport {

// The verdict of onnx::checker::check_model(), without shape inference, on the file, whose data
// files are in `folder`. Holds the model in memory, but none of its data files.
//
// Files of 2 GiB and more are not checked, since protobuf cannot read them; nor are models for
// which there is not enough memory, and models with experimental operators of old versions (as
// ATen), about which the checker would print.
absl::StatusOr<ModelVerdict> CheckWithOnnx(const ByteSource& model, const std::string& folder);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_ONNX_CHECKER_H_
