// Numbers of operations, elements and bytes, which may be unknown.
#ifndef MODELEXPORT_COSTS_COUNT_H_
#define MODELEXPORT_COSTS_COUNT_H_

#include <cstdint>

#include "absl/types/optional.h"

namespace modelexport {

// A whole number that is not negative, or unknown. What is computed of an unknown number is
// unknown, and so is a result over kMax.
class Count {
 public:
  static constexpr uint64_t kMax = uint64_t{1} << 62;

  Count() = default;  // Unknown.
  explicit Count(uint64_t value) {
    if (value <= kMax) value_ = value;
  }

  bool is_known() const { return value_.has_value(); }
  uint64_t value() const { return *value_; }  // Must be known.
  bool operator==(const Count& other) const { return value_ == other.value_; }

  friend Count operator+(Count a, Count b) {
    return a.is_known() && b.is_known() ? Count(a.value() + b.value()) : Count();
  }
  friend Count operator-(Count a, Count b) {
    return a.is_known() && b.is_known() && a.value() >= b.value() ? Count(a.value() - b.value())
                                                                  : Count();
  }
  friend Count operator*(Count a, Count b) {
    if (!a.is_known() || !b.is_known()) return Count();
    if (a.value() != 0 && b.value() > kMax / a.value()) return Count();
    return Count(a.value() * b.value());
  }
  // Rounded down; unknown if `b` is 0.
  friend Count operator/(Count a, Count b) {
    return a.is_known() && b.is_known() && b.value() != 0 ? Count(a.value() / b.value()) : Count();
  }

 private:
  absl::optional<uint64_t> value_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_COUNT_H_
