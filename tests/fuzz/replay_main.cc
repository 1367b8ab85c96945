// Runs a target without libFuzzer: on each file that is named, and on some mutations of it, which
// are the same in every run.

#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>

#include "tests/fuzz/engine.h"

namespace {

// Of each file, one after the other, and how often this begins again.
constexpr unsigned int kMutations = 10, kRounds = 5;
constexpr size_t kMaxSize = 1 << 20;

std::mt19937 bytes_to_change;

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

void Mutate(unsigned int seed, std::string* input) {
  const size_t size = input->size();
  input->resize(kMaxSize);
  input->resize(
      LLVMFuzzerCustomMutator(reinterpret_cast<uint8_t*>(input->data()), size, kMaxSize, seed));
}

}  // namespace

// Changes one byte.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t) {
  if (size > 0) data[bytes_to_change() % size] ^= 1 + bytes_to_change() % 255;
  return size;
}

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::cerr << argv[i] << ": cannot be read\n";
      return 1;
    }
    const std::string file_bytes(std::istreambuf_iterator<char>(file), {});
    std::cout << argv[i] << std::endl;
    Run(file_bytes);
    bytes_to_change.seed(1);
    for (unsigned int round = 0; round < kRounds; ++round) {
      std::string input = file_bytes;
      for (unsigned int m = 1; m <= kMutations; ++m) {
        Mutate(round * kMutations + m, &input);
        // Named before it runs, as it may be the last.
        std::cout << "  round " << round << ", mutation " << m << std::endl;
        Run(input);
      }
    }
  }
  return 0;
}
