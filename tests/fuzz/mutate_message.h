// Changes of serialized protobuf messages after which most of them can still be parsed.
#ifndef MODELEXPORT_TESTS_FUZZ_MUTATE_MESSAGE_H_
#define MODELEXPORT_TESTS_FUZZ_MUTATE_MESSAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "tests/fuzz/random.h"

namespace modelexport::fuzz {

// `message` with one field changed, at any depth: left out, repeated, moved, renumbered, of another
// wire type or value, or replaced by a field of `donor`, which is a message too. The lengths around
// it are right again. What is no message has its bytes changed.
std::string MutateMessage(absl::string_view message, absl::string_view donor, Random* random);

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_MUTATE_MESSAGE_H_
