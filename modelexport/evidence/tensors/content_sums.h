// What is known of some elements of a stored tensor, to compare with the `stats` of a sidecar.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_CONTENT_SUMS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_CONTENT_SUMS_H_

#include <algorithm>
#include <cstdint>
#include <limits>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Those of parts add up to those of the whole.
struct ContentSums {
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  double sum = 0;
  double squares = 0;
  uint64_t count = 0;
  // How far the elements may be from the source's: the largest error of one, and the sum of their
  // squares to be expected if errors are spread evenly.
  double largest_error = 0;
  double noise = 0;

  // An element, which lies within `error` of the source's.
  void Add(double element, double error) {
    AddExact(element);
    AddError(error, error * error);
  }

  // The same in two steps, the second for many elements at once.
  void AddExact(double element) {
    min = element < min ? element : min;
    max = element > max ? element : max;
    sum += element;
    squares += element * element;
    ++count;
  }
  void AddError(double largest, double error_squares) {
    largest_error = std::max(largest_error, largest);
    noise += error_squares / 3;
  }

  void Add(const ContentSums& other);

  bool IsUniform() const { return min == max; }
};

enum class Likeness {
  kNone,
  kPossible,  // Within the largest difference that errors of the elements allow.
  kLikely,    // Within the difference that independent errors make.
};

// How well `sums` fit `stats` of a tensor with as many elements. Elements that are NaN or infinite
// fit nothing.
Likeness Compare(const ContentSums& sums, const TensorStats& stats);

// Stats whose min is further from that of `sums` than this are not like them.
double SlackOfMin(const ContentSums& sums);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_CONTENT_SUMS_H_
