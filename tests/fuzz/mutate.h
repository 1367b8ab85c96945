// The mutation of a target's input. Two libraries define it: `text_mutation` and `model_mutation`.
#ifndef MODELEXPORT_TESTS_FUZZ_MUTATE_H_
#define MODELEXPORT_TESTS_FUZZ_MUTATE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "tests/fuzz/random.h"

namespace modelexport::fuzz {

// `input` with one change, for which `donor`, another input or the same, may give a part.
std::string Mutate(absl::string_view input, absl::string_view donor, Random* random);

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_MUTATE_H_
