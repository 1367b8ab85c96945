// Changes of JSON after which most texts are still JSON.
#ifndef MODELEXPORT_TESTS_FUZZ_MUTATE_JSON_H_
#define MODELEXPORT_TESTS_FUZZ_MUTATE_JSON_H_

#include <string>

#include "absl/strings/string_view.h"
#include "tests/fuzz/random.h"

namespace modelexport::fuzz {

// `text` with one value or member changed, at any depth: left out, repeated, swapped, under another
// key, of another type or content, or replaced by a value of `donor`, which is JSON too. What has
// no values has its bytes changed. Damaged JSON and other texts are read as far as they look alike.
std::string MutateJson(absl::string_view text, absl::string_view donor, Random* random);

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_MUTATE_JSON_H_
