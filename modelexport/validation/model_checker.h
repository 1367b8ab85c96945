// A checker of whole models that knows the operators, such as onnx's own.
//
// It is an interface, so that each program decides whether to link a checker: onnx takes minutes to
// build, and most users of the library only compare files and check tags.
#ifndef MODELEXPORT_VALIDATION_MODEL_CHECKER_H_
#define MODELEXPORT_VALIDATION_MODEL_CHECKER_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

struct ModelVerdict {
  enum class Kind { kValid, kInvalid, kNotChecked };

  Kind kind = Kind::kValid;
  std::string reason;  // The first fault, or why the model was not checked. One line.
};

// Judges `model`, whose data files are in `folder` ("" is the current one). Must neither throw nor
// print. Returns an error if `model` cannot be read.
using ModelChecker =
    std::function<absl::StatusOr<ModelVerdict>(const ByteSource& model, const std::string& folder)>;

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_MODEL_CHECKER_H_
