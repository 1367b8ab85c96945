// The dimensions of a value, as far as they are numbers.
#ifndef MODELEXPORT_COSTS_DIMS_H_
#define MODELEXPORT_COSTS_DIMS_H_

#include <cstddef>
#include <vector>

#include "absl/types/optional.h"
#include "modelexport/costs/count.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {

class Dims {
 public:
  Dims() = default;  // Nothing is known.

  // Of a tensor; nothing is known of other types. A negative number is no dimension.
  explicit Dims(const ValueType& type) {
    if (type.kind != ValueType::Kind::kTensor || !type.shape.has_value()) return;
    dims_.emplace();
    for (const Dimension& dim : *type.shape) {
      const bool known = dim.value.has_value() && *dim.value >= 0;
      dims_->push_back(known ? Count(static_cast<uint64_t>(*dim.value)) : Count());
    }
  }

  absl::optional<size_t> rank() const {
    return dims_.has_value() ? absl::optional<size_t>(dims_->size()) : absl::nullopt;
  }

  // From the end if `i` is negative: -1 is the last one. Unknown if there is none.
  Count dim(int i) const {
    if (!dims_.has_value()) return Count();
    const int size = static_cast<int>(dims_->size());
    const int at = i < 0 ? size + i : i;
    return at >= 0 && at < size ? (*dims_)[at] : Count();
  }

  // The product of all from position `first` on.
  Count ProductFrom(size_t first) const {
    if (!dims_.has_value() || first > dims_->size()) return Count();
    Count product(1);
    for (size_t i = first; i < dims_->size(); ++i) product = product * (*dims_)[i];
    return product;
  }

  Count Elements() const { return ProductFrom(0); }

 private:
  absl::optional<std::vector<Count>> dims_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_DIMS_H_
