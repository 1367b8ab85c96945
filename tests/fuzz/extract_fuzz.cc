// `extract`, of modules that seeds have. Validation reads the output again.

#include <cstddef>
#include <iterator>

#include "modelexport/commands/extract.h"
#include "tests/fuzz/model_target.h"
#include "tests/fuzz/oracles.h"

namespace modelexport::fuzz {
namespace {

constexpr const char* kModules[] = {".", "steps.0", "gates.0..1", "mixer", "**.act", "block", "*"};

}  // namespace

// The size chooses what is extracted.
void Try(const TriedFiles& files) {
  const size_t size = files.input_size();
  ExtractRequest request;
  request.hierarchy = files.hierarchy();
  request.modules = kModules[size % std::size(kModules)];
  request.all_calls = size % 2 == 0;
  request.untyped = true;
  request.validation = ValidationLevel::kFull;
  files.Write(Extract, "in.onnx", "out.onnx", request).IgnoreError();
}

}  // namespace modelexport::fuzz
