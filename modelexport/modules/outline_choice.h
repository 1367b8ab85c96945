// Which of the calls that could become functions do.
#ifndef MODELEXPORT_MODULES_OUTLINE_CHOICE_H_
#define MODELEXPORT_MODULES_OUTLINE_CHOICE_H_

#include <vector>

#include "modelexport/modules/outline_candidates.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

struct OutlineWish {
  // By module: those whose calls become functions. Empty: the largest blocks of which there are at
  // least two, one beside the other, of modules that are called.
  std::vector<bool> modules;

  bool nested = false;  // All modules below these that are called, too.
};

// Functions in functions deeper than this are not made.
inline constexpr int kMaxOutlineDepth = 32;

// By instance. One that is `refused` or has no kind is not chosen, nor one within another of its
// kind. Takes time in proportion to the instances, times how deep they are nested.
std::vector<bool> ChooseInstances(const OwnedGraph& owned, const OutlineCandidates& candidates,
                                  const OutlineWish& wish, const std::vector<bool>& refused);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_OUTLINE_CHOICE_H_
