// What a model computes, as numbers that do not depend on names within it, on the order of nodes,
// and on what is in local functions and what is not.
#ifndef MODELEXPORT_VALIDATION_COMPUTATION_H_
#define MODELEXPORT_VALIDATION_COMPUTATION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Equal models have equal numbers, others different ones but for collisions of 64 bits. The numbers
// hold within one run of the program.
struct Computation {
  std::vector<uint64_t> outputs;  // Of the main graph, in order; 0 for one that nothing makes.
  uint64_t nodes = 0;             // All nodes that run, but for Constants.
  size_t num_nodes = 0;           // Their number.
};

// A value is the node that makes it, with its operator, its attributes and what it reads; an input
// or an initializer by its name. Constants of at most this many bytes are their contents, be they
// nodes or initializers.
inline constexpr uint64_t kMaxConstantByContent = 1024;

// Functions that `expanded` has are counted as their nodes are, each time that they are called.
// Errors are those of reading, functions that are nested deeper than 100, and kCancelled.
absl::StatusOr<Computation> ComputationOf(const GraphView& graph,
                                          const absl::flat_hash_set<GraphId>& expanded,
                                          const std::atomic<bool>* cancelled);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_COMPUTATION_H_
