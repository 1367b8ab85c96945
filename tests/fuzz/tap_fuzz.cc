// `tap`, of all modules. Validation reads the output again.

#include "modelexport/commands/tap.h"
#include "tests/fuzz/engine.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

void Try(const TriedFiles& files) {
  TapRequest request;
  request.hierarchy = files.hierarchy();
  request.untyped = true;
  request.validation = ValidationLevel::kFull;
  files.Write(Tap, "in.onnx", "out.onnx", request).IgnoreError();
}

}  // namespace
}  // namespace modelexport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelexport::fuzz;
  Try(TriedFiles(View(data, size)));
  return 0;
}
