// What libFuzzer calls and what it offers (llvm.org/docs/LibFuzzer.html). Without libFuzzer,
// replay_main.cc does the same for files.
#ifndef MODELEXPORT_TESTS_FUZZ_ENGINE_H_
#define MODELEXPORT_TESTS_FUZZ_ENGINE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

extern "C" {

// Each target defines it. Returns 0.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

// These change `data` in place, to at most `max_size` bytes, and return its new size.
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

// Writes a mix of two inputs to `out`; returns its size.
size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2,
                                 size_t size2, uint8_t* out, size_t max_out_size,
                                 unsigned int seed);

}  // extern "C"

namespace modelexport::fuzz {

inline absl::string_view View(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_ENGINE_H_
