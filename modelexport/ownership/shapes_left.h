// The shapes of a hierarchy's tensors, of which weights of a model take theirs one by one.
#ifndef MODELEXPORT_OWNERSHIP_SHAPES_LEFT_H_
#define MODELEXPORT_OWNERSHIP_SHAPES_LEFT_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace modelexport {

class ShapesLeft {
 public:
  // As Essence() gives them: in order of size, without those of 1.
  using Shape = std::vector<int64_t>;

  void Add(Shape shape) { ++left_[std::move(shape)]; }

  // Takes a tensor of this shape; or, if there is none, the two to four equal ones that a runtime
  // has stacked or joined to a weight of this shape. Returns how many were taken, 0 if none fit.
  size_t TakeFor(const Shape& shape);

  // Takes a tensor of this shape. Returns whether there was one.
  bool Take(const Shape& shape) { return Take(shape, 1) > 0; }

 private:
  size_t Take(const Shape& shape, size_t count);
  size_t TakeStacked(const Shape& shape);
  size_t TakeJoined(const Shape& shape);

  absl::flat_hash_map<Shape, size_t> left_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_SHAPES_LEFT_H_
