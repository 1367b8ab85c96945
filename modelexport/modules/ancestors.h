// Common ancestors in a tree, in logarithmic time whatever its depth.
#ifndef MODELEXPORT_MODULES_ANCESTORS_H_
#define MODELEXPORT_MODULES_ANCESTORS_H_

#include <cstdint>
#include <vector>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

class Ancestors {
 public:
  // `parents[i]` is the parent of i, and less than i; that of the root, 0, counts for nothing.
  // Takes time and memory in proportion to their number.
  explicit Ancestors(std::vector<uint32_t> parents);

  // Of the modules of a hierarchy, by the index of their ids.
  static Ancestors OfModules(const Hierarchy& hierarchy);

  // Whether `ancestor` is `id` or above it.
  bool IsAncestorOrSelf(uint32_t ancestor, uint32_t id) const {
    return begin_[ancestor] <= begin_[id] && begin_[id] < end_[ancestor];
  }

  // The nearest one at or above both.
  uint32_t Common(uint32_t a, uint32_t b) const;

  // Counts from 0 in an order in which each is followed by all that is below it.
  uint32_t number(uint32_t id) const { return begin_[id]; }

 private:
  std::vector<uint32_t> parents_, begin_, end_;
  // An ancestor so far up that the way to any other one takes steps in the order of the logarithm
  // of the depth (Myers, "An applicative random-access stack", 1983).
  std::vector<uint32_t> jump_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_ANCESTORS_H_
