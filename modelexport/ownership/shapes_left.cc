#include "modelexport/ownership/shapes_left.h"

#include <cstddef>

#include "modelexport/evidence/tensors/part_sizes.h"

namespace modelexport {
namespace {

// Of query, key and value, and of the gates of a recurrent layer, runtimes make one weight.
constexpr int64_t kMaxJoined = 4;

}  // namespace

size_t ShapesLeft::TakeFor(const Shape& shape) {
  if (const size_t taken = Take(shape, 1)) return taken;
  if (const size_t taken = TakeStacked(shape)) return taken;
  return TakeJoined(shape);
}

size_t ShapesLeft::Take(const Shape& shape, size_t count) {
  const auto left = left_.find(shape);
  if (left == left_.end() || left->second < count) return 0;
  left->second -= count;
  return count;
}

size_t ShapesLeft::TakeStacked(const Shape& shape) {
  if (shape.size() < 3) return 0;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] > kMaxJoined) continue;
    Shape part = shape;
    part.erase(part.begin() + static_cast<std::ptrdiff_t>(i));
    if (const size_t taken = Take(part, static_cast<size_t>(shape[i]))) return taken;
  }
  return 0;
}

size_t ShapesLeft::TakeJoined(const Shape& shape) {
  for (size_t i = 0; i < shape.size(); ++i) {
    for (int64_t parts = 2; parts <= kMaxJoined; ++parts) {
      if (shape[i] % parts != 0) continue;
      Shape part = shape;
      part[i] /= parts;
      if (const size_t taken = Take(Essence(part), static_cast<size_t>(parts))) return taken;
    }
  }
  return 0;
}

}  // namespace modelexport
