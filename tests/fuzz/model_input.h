// Inputs that are a hierarchy and a model: a text, a byte 0, which is in no JSON, and the bytes of
// the model.
#ifndef MODELEXPORT_TESTS_FUZZ_MODEL_INPUT_H_
#define MODELEXPORT_TESTS_FUZZ_MODEL_INPUT_H_

#include <algorithm>
#include <cstddef>

#include "absl/strings/string_view.h"

namespace modelexport::fuzz {

struct ModelInput {
  absl::string_view hierarchy, model;

  static ModelInput Of(absl::string_view input) {
    const size_t end = std::min(input.find('\0'), input.size());
    return {input.substr(0, end), input.substr(std::min(end + 1, input.size()))};
  }
};

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_MODEL_INPUT_H_
