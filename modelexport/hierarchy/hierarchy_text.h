// A Hierarchy as text, for tests that compare it whole.
#ifndef MODELEXPORT_HIERARCHY_HIERARCHY_TEXT_H_
#define MODELEXPORT_HIERARCHY_HIERARCHY_TEXT_H_

#include <string>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// One line for each module, tensor, call, op and warning; what is absent or empty is left out:
//
//   module 1 "embed": my.Embedding, calls 1, aliases "head.tied", parent 0
//   module 2 "layers": implied, calls 0, parent 0
//   module 3 "layers.0": my.Layer, tag /Tagger/Layer.0, parent 2
//   tensor 0 "embed.weight": parameter float32 [10, 4], aliases "head.weight", owner 1
//   call 1: module 1 #0, parent 0
//   op 1 aten.add.Tensor: name "add", call 1, reads op 0 tensor 0 -
//   ops from exported_program
//   warning: $.modules[1].calls: 2, but calls lists 1
std::string ToText(const Hierarchy& hierarchy);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_HIERARCHY_TEXT_H_
