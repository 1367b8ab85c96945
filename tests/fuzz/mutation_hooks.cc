// Gives libFuzzer the Mutate() of a target's kind of input.

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/fuzz/engine.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/random.h"

namespace modelexport::fuzz {
namespace {

// By libFuzzer's own mutations, which know what the code compares.
void ChangeBytes(std::string* bytes) {
  const size_t size = bytes->size();
  bytes->resize(size + size / 4 + 16);
  bytes->resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(bytes->data()), size, bytes->size()));
}

// What does not fit is cut off.
size_t Store(absl::string_view input, uint8_t* out, size_t max_size) {
  return std::copy_n(input.begin(), std::min(input.size(), max_size), out) - out;
}

}  // namespace
}  // namespace modelexport::fuzz

using namespace modelexport::fuzz;

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  Random random(seed, ChangeBytes);
  return Store(Mutate(View(data, size), View(data, size), &random), data, max_size);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1,
                                            const uint8_t* data2, size_t size2, uint8_t* out,
                                            size_t max_out_size, unsigned int seed) {
  Random random(seed, ChangeBytes);
  return Store(Mutate(View(data1, size1), View(data2, size2), &random), out, max_out_size);
}
