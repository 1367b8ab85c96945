// The checker that comes with onnx, as a ModelChecker:
//
//   request.checker = CheckWithOnnx;
//
// Who links this builds onnx.
#ifndef MODELEXPORT_VALIDATION_ONNX_CHECKER_H_
#define MODELEXPORT_VALIDATION_ONNX_CHECKER_H_

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/validation/model_checker.h"

namespace modelexport {

// What onnx::checker::check_model() says of the file, its data files found in `folder`; without
// shape inference. Holds the model in memory, but none of its data files.
//
// Not checked: files of 2 GiB and more, which protobuf cannot read; models for which memory does
// not suffice; models with experimental operators of old versions (as ATen), about which the
// checker prints.
absl::StatusOr<ModelVerdict> CheckWithOnnx(const ByteSource& model, const std::string& folder);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_ONNX_CHECKER_H_
