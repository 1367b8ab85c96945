// Chance for mutations: the same for equal seeds.
#ifndef MODELEXPORT_TESTS_FUZZ_RANDOM_H_
#define MODELEXPORT_TESTS_FUZZ_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>

namespace modelexport::fuzz {

class Random {
 public:
  // `change_bytes` is how bytes without a structure are changed.
  Random(uint32_t seed, std::function<void(std::string*)> change_bytes)
      : engine_(seed), change_bytes_(std::move(change_bytes)) {}

  // Less than `limit`, which is not 0.
  size_t Below(size_t limit) { return engine_() % limit; }

  template <typename List>
  const auto& OneOf(const List& list) {
    return list[Below(std::size(list))];
  }

  std::string Changed(std::string bytes) {
    change_bytes_(&bytes);
    return bytes;
  }

 private:
  std::mt19937 engine_;
  std::function<void(std::string*)> change_bytes_;
};

}  // namespace modelexport::fuzz

#endif  // MODELEXPORT_TESTS_FUZZ_RANDOM_H_
