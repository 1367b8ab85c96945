// Small hierarchies from a few lines of text, for tests that match against them.
//
//   const Hierarchy hierarchy = HierarchyOf(R"(
//     ""         my.Model       1
//     encoder    my.Encoder     2  shared.encoder   # aliases at the end
//     encoder.0  torch.nn.Linear
//     old        -              0                   # a class that is not known
//     tensor encoder.0.weight float32[4,8] encoder.0.tied
//     tensor encoder.0.bias float32[3] = 0.5 -1 2   # its elements, for the stats
//     buffer encoder.0.mask bool[8]
//     call ""
//       call encoder                                # made by the call above
//         call encoder.0
//         op mm = aten.mm.default - encoder.0.weight   # its result, its name, what it reads
//         op aten.relu.default mm                      # a result that nobody reads
//         op one = aten.div.Tensor =mm                 # returns what it reads: mm / 1
//       call encoder
//     ops_source exported_program
//   )");
//
// The lines are in the order of the hierarchy; the first one names the root. An op reads results,
// tensors, or something else ("-"), one of which it may return ("="), and runs in the nearest call
// above it that is indented less. The name of its result is its node_name.
#ifndef MODELEXPORT_TESTING_HIERARCHY_LINES_H_
#define MODELEXPORT_TESTING_HIERARCHY_LINES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport::testing {

// Errors in the syntax or in the hierarchy itself name the line, if it is known.
absl::StatusOr<Hierarchy> ParseHierarchyLines(absl::string_view text);

// The same, but an error fails the running test, which goes on with only a root.
Hierarchy HierarchyOf(absl::string_view text);

// The hierarchy of a sidecar's JSON, for names that no line could hold. Errors fail the test too.
Hierarchy HierarchyOfSidecar(absl::string_view json);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_HIERARCHY_LINES_H_
