// Aligns the nodes of an ONNX graph with the operators of the source model's run.
//
// An export is an image of the run: each operator becomes some nodes, or none, that stand about
// where it stood and read the results of what it read. The alignment is the path (best_path.h)
// along the nodes that gives each an operator such that the sum is greatest of
// - how likely the node's operator is an image of that one (operator_odds.h),
// - the tensors that both read, and what stronger evidence says (clues.h),
// - how well the neighbours by data flow agree: what a node reads should be the image of the same
//   operator, or of one that this one reads, directly or through a few that left no node.
// The last two need an alignment to begin with, and the odds are better when one is known: so it is
// searched again with what the last one shows, until it stays the same (as expectation
// maximisation does with its best guess).
//
// Tools write nodes in other orders than they ran in. So two orders are tried: that of file and
// run, and on both sides that in which a walk back from the results finishes. The better total
// wins.
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
  // By image: the modules that are almost as good: the nearest that is at or above all of them.
  std::vector<ModuleId> around;
  // By image: the best of all modules but that of its operator, as far as they were considered, and
  // how much worse the whole alignment is with it.
  struct Rival {
    ModuleId module;  // Invalid if there is none.
    float behind = 0;
  };
  std::vector<Rival> rivals;
  double total = 0;
  uint32_t band = 0;  // How many operators at most were considered for one image.
};

// Takes time and memory in proportion to the images; the operators that are considered for one lie
// in a band around where it is expected, which is all of them in small models. Empty if either side
// is. Deterministic.
//
// Once `*cancelled` is true the search ends soon, with nothing. Null means never.
Alignment Align(const SourceRun& source, const Image& image, const Clues& clues,
                const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_ALIGNER_H_
