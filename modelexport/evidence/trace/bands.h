// Which operators an alignment considers for each image: all of them in small models, otherwise a
// band around the image's expected position. So time and memory grow with the images alone.
#ifndef MODELEXPORT_EVIDENCE_TRACE_BANDS_H_
#define MODELEXPORT_EVIDENCE_TRACE_BANDS_H_

#include <vector>

#include "absl/types/span.h"
#include "modelexport/evidence/trace/best_path.h"
#include "modelexport/evidence/trace/clues.h"
#include "modelexport/evidence/trace/order.h"

namespace modelexport {

// The expected position of each step before anything is aligned. Positions are spread evenly
// between the images whose operator is known; of these, as many are used as have one order on both
// sides.
std::vector<double> GuideByClues(const Order& order, const Clues& clues);

// How many operators are considered for one image, at most.
uint32_t BandWidth(const Order& order);

// Whether bands leave operators out, so that their positions matter.
bool BandsLeaveOut(const Order& order);

// The band of each step, around its position in `guide`. All bands have one width, except that they
// are narrower where clues leave few operators. There must be images and operators.
std::vector<Band> PlaceBands(const Order& order, const Clues& clues,
                             absl::Span<const double> guide);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_BANDS_H_
