// A checker of whole models that knows the operators, as onnx's own does.
//
// An interface, so that a program decides whether it links one: onnx takes minutes to build, and
// most users of the library compare and check tags alone.
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
  std::string reason;  // What is wrong first, or why it was not checked. One line.
};

// Judges `model`, whose data files lie in `folder` ("" is the current one). Must neither throw nor
// print. An error is what `model` cannot read.
using ModelChecker =
    std::function<absl::StatusOr<ModelVerdict>(const ByteSource& model, const std::string& folder)>;

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_MODEL_CHECKER_H_
