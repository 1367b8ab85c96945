// Which operators an alignment considers for each image: all of them in small models, else a band
// around where the image is expected. So time and memory grow with the images alone.
#ifndef MODELEXPORT_EVIDENCE_TRACE_BANDS_H_
#define MODELEXPORT_EVIDENCE_TRACE_BANDS_H_

#include <vector>

#include "absl/types/span.h"
#include "modelexport/evidence/trace/best_path.h"
#include "modelexport/evidence/trace/clues.h"
#include "modelexport/evidence/trace/order.h"

namespace modelexport {

// By step, the position at which it is expected where nothing is aligned yet: spread evenly between
// the images whose operator is known, as many of these as follow each other on both sides.
std::vector<double> GuideByClues(const Order& order, const Clues& clues);

// How many operators are considered for one image, at most.
uint32_t BandWidth(const Order& order);

// Whether bands leave operators out, so that it matters where they lie.
bool BandsLeaveOut(const Order& order);

// By step: around `guide`, all of one width, but less where clues leave few operators. There must
// be images and operators.
std::vector<Band> PlaceBands(const Order& order, const Clues& clues,
                             absl::Span<const double> guide);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_BANDS_H_
