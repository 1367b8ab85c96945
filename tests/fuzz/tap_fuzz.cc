// `tap`, of all modules. Validation reads the output again.

#include "modelexport/commands/tap.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {

void Try(const TriedFiles& files) {
  TapRequest request;
  request.hierarchy = files.hierarchy();
  request.untyped = true;
  request.validation = ValidationLevel::kFull;
  files.Write(Tap, "in.onnx", "out.onnx", request).IgnoreError();
}

}  // namespace modelexport::fuzz
