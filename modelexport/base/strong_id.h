// Indices that cannot be mixed up: a node's is not a module's.
//
//   using ModuleId = StrongId<struct ModuleIdTag>;
//   ModuleId root(0);
//   modules[root.index()];
#ifndef MODELEXPORT_BASE_STRONG_ID_H_
#define MODELEXPORT_BASE_STRONG_ID_H_

#include <cstddef>
#include <cstdint>
#include <utility>

namespace modelexport {

// A 32-bit index into one kind of table. A default-made id is invalid: it refers to nothing.
template <typename Tag>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(size_t index) : value_(static_cast<uint32_t>(index)) {}

  constexpr bool valid() const { return value_ != kInvalid; }
  constexpr size_t index() const { return value_; }

  friend constexpr bool operator==(StrongId a, StrongId b) { return a.value_ == b.value_; }
  friend constexpr bool operator!=(StrongId a, StrongId b) { return a.value_ != b.value_; }
  friend constexpr bool operator<(StrongId a, StrongId b) { return a.value_ < b.value_; }

  template <typename H>
  friend H AbslHashValue(H hash, StrongId id) {
    return H::combine(std::move(hash), id.value_);
  }

 private:
  static constexpr uint32_t kInvalid = 0xFFFFFFFF;
  uint32_t value_ = kInvalid;
};

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_STRONG_ID_H_
