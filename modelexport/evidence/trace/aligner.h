// Aligns the nodes of an ONNX graph with the operators of the source model's run.
//
// The exporter turns each operator of the run into some nodes, or none. These nodes have about the
// same position in the graph as the operator in the run, and read what was made of the operators
// that it reads. The alignment is the path (best_path.h) along the nodes that gives each node an
// operator such that the sum of these scores is greatest:
// - how likely the node's operator is an image of that operator (operator_odds.h);
// - the tensors that both read, and what stronger evidence says (clues.h);
// - how well the neighbours by data flow agree: what a node reads should be an image of the same
//   operator, or of one that this operator reads, directly or through a few that left no node.
// Some of these scores need an alignment to begin with, and the odds are better when one is known.
// So the search is repeated with what the last alignment shows, until the alignment stays the same
// (as expectation maximisation does with its best guess).
//
// Tools write nodes in other orders than they ran in. So two orders are tried: the orders of the
// file and the run, and, on both sides, the order in which a walk back from the results finishes.
// The alignment with the better total wins.
#ifndef MODELEXPORT_EVIDENCE_TRACE_ALIGNER_H_
#define MODELEXPORT_EVIDENCE_TRACE_ALIGNER_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "modelexport/evidence/trace/clues.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"

namespace modelexport {

struct Alignment {
  std::vector<uint32_t> op;  // By image.
  // By image: the nearest module at or above all modules that are almost as good.
  std::vector<ModuleId> around;
  // By image: the best module other than that of its operator, among those considered, and how much
  // lower the total of the whole alignment is with it.
  struct Rival {
    ModuleId module;  // Invalid if there is none.
    float behind = 0;
  };
  std::vector<Rival> rivals;
  double total = 0;
  uint32_t band = 0;  // How many operators at most were considered for one image.
};

// Takes time and memory in proportion to the images. The operators that are considered for an image
// are those in a band around its expected position (bands.h); in small models they are all
// operators. Empty if either side is empty. Deterministic.
//
// Once `*cancelled` is true, the search ends within one round: the result has its full size, but
// nothing can be concluded from it. If `cancelled` is null, the search is never cancelled.
Alignment Align(const SourceRun& source, const Image& image, const Clues& clues,
                const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_ALIGNER_H_
