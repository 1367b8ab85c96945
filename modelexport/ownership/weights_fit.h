// How many of the weights that a model stores a hierarchy knows.
#ifndef MODELEXPORT_OWNERSHIP_WEIGHTS_FIT_H_
#define MODELEXPORT_OWNERSHIP_WEIGHTS_FIT_H_

#include <cstddef>

#include "modelexport/evidence/match_context.h"

namespace modelexport {

// Weights are stored numbers of at least two dims above 1 that nodes read: vectors of the same
// length are in every model. Integers count only where a tensor has their shape, because quantizers
// also pack; so does what nodes only add or multiply, which may be a mask or a table. Each weight
// counts once, under the first of these that holds.
struct WeightsFit {
  size_t weights = 0;
  size_t named = 0;         // It holds the tensor of its name, in the same shape up to reordering.
  size_t resized = 0;       // It has the name of a tensor of another shape.
  size_t equal = 0;         // Its content is that of a tensor, or of several one behind another.
  size_t alike = 0;         // There is a tensor of its shape that no weight before it has taken.
  size_t shapes = 0;        // Different shapes among all.
  size_t shapes_known = 0;  // Those of which one is named, equal or alike.

  // Of alike weights that only names had settled, a few were compared by content.
  size_t compared = 0;
  size_t compared_equal = 0;

  // The same from the other side.
  size_t tensors = 0;  // Of the hierarchy, with two dims above 1.
  size_t found = 0;    // Those that named and equal weights hold.
  size_t taken = 0;    // Those, and the ones that alike weights took.

  // Vectors of the hierarchy that stand beside one matrix and nothing else in their module, and
  // those of them for which the model stores a vector of that length.
  size_t biases = 0;
  size_t biases_alike = 0;

  // Vectors that the model stores, but scales of quantization, and those of them that a tensor has
  // the length of, each tensor for one.
  size_t vectors = 0;
  size_t vectors_alike = 0;

  size_t known() const { return named + equal; }
  size_t possible() const { return known() + alike; }
};

// Reads no more weights than TensorsOf(context) has read, and a few besides where those are not
// enough to tell.
WeightsFit FitWeights(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_WEIGHTS_FIT_H_
