// What targets that take a hierarchy and a model have in common: one of the two is mutated, and
// both are tried as files.

#include "tests/fuzz/model_target.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/engine.h"
#include "tests/fuzz/model_input.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/mutate_json.h"
#include "tests/fuzz/mutate_message.h"

namespace modelexport::fuzz {

std::string Mutate(absl::string_view input, absl::string_view donor, Random* random) {
  const ModelInput old = ModelInput::Of(input);
  const ModelInput given = ModelInput::Of(donor);
  const absl::string_view between("\0", 1);
  if (random->Below(4) == 0) {
    return absl::StrCat(MutateJson(old.hierarchy, given.hierarchy, random), between, old.model);
  }
  return absl::StrCat(old.hierarchy, between, MutateMessage(old.model, given.model, random));
}

}  // namespace modelexport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace modelexport::fuzz;
  Try(TriedFiles(View(data, size)));
  return 0;
}
