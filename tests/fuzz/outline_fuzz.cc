// `outline`, of what it chooses itself and of all modules. Validation reads the output again and
// compares what it does with the input.

#include "modelexport/commands/outline.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {

void Try(const TriedFiles& files) {
  OutlineRequest request;
  request.hierarchy = files.hierarchy();
  request.validation = ValidationLevel::kFull;
  files.Write(Outline, "in.onnx", "out.onnx", request).IgnoreError();
  request.modules = "**";
  request.nested = true;
  files.Write(Outline, "in.onnx", "nested.onnx", request).IgnoreError();
}

}  // namespace modelexport::fuzz
