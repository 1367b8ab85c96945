// `extract`, of modules that seeds have. Validation reads the output again.

#include <cstddef>
#include <iterator>

#include "modelexport/commands/extract.h"
#include "tests/fuzz/engine.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

constexpr const char* kModules[] = {".", "steps.0", "gates.0..1", "mixer", "**.act", "block", "*"};

void Try(const TriedFiles& files, const char* modules, bool all_calls) {
  ExtractRequest request;
  request.hierarchy = files.hierarchy();
  request.modules = modules;
  request.all_calls = all_calls;
  request.untyped = true;
  request.validation = ValidationLevel::kFull;
  files.Write(Extract, "in.onnx", "out.onnx", request).IgnoreError();
}

}  // namespace
}  // namespace modelexport::fuzz

// The size chooses what is extracted.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelexport::fuzz;
  Try(TriedFiles(View(data, size)), kModules[size % std::size(kModules)], size % 2 == 0);
  return 0;
}
