// Modules of equal structure.
#ifndef MODELEXPORT_MODULES_STRUCTURE_H_
#define MODELEXPORT_MODULES_STRUCTURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// A number for each module, by module: modules of equal structure have equal numbers, others
// different ones but for collisions of 64 bits. Equal are: the class; how often it is called; the
// operators of its nodes, in order, with their numbers of inputs and outputs; which of these nodes
// read what of each other; types and shapes of the initializers that they read; and the modules
// below it, by name and order. Attributes and what is outside do not count.
//
// The numbers hold within one run of the program. The time is that of the nodes, their operands and
// the modules, times the logarithm of the depth of modules.
//
// `marks`, by module, are a part of structure too; empty: none are.
std::vector<uint64_t> StructureOf(const OwnedGraph& owned, const std::vector<bool>& marks = {});

// The last segment of a path.
absl::string_view LastSegment(absl::string_view path);

// The last segments of siblings as one: "0-11" of consecutive numbers, also within a name that they
// share otherwise ("block2-5"); else "query,key,value", or of more than three the first and the
// last, "a..z".
std::string FoldedName(const Hierarchy& hierarchy, absl::Span<const ModuleId> siblings);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_STRUCTURE_H_
