// Inputs that are a text, mostly JSON.

#include "tests/fuzz/mutate.h"
#include "tests/fuzz/mutate_json.h"

namespace modelexport::fuzz {

std::string Mutate(absl::string_view input, absl::string_view donor, Random* random) {
  return MutateJson(input, donor, random);
}

}  // namespace modelexport::fuzz
