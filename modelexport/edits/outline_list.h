// The changes that turn calls of modules into calls of functions.
#ifndef MODELEXPORT_EDITS_OUTLINE_LIST_H_
#define MODELEXPORT_EDITS_OUTLINE_LIST_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/modules/outline_plan.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/splice_plan.h"

namespace modelexport {

// The first IR version that has functions (onnx/onnx.proto, IR_VERSION_2021_7_30).
inline constexpr int64_t kFirstIrVersionWithFunctions = 8;

struct OutlineCounts {
  size_t nodes_before = 0, nodes_after = 0;  // Of the main graph.
  size_t nodes_in_functions = 0;             // Of those that are made.
  size_t nodes_moved = 0;                    // In the main graph, as the order demands.
  bool ir_version_raised = false;
};

// Of the main graph these go: nodes that are in functions now; Constant nodes and initializers that
// only these read; value_info and annotations of values that are in functions. All else stays, in
// its place where the new order of nodes allows. The model gets the functions after all else, their
// domain as an import, and at least kFirstIrVersionWithFunctions.
//
// A call is named after its module, as "encoder.layer.0", with "_2" and so on where that is taken.
//
// Immutable once made.
class OutlineList {
 public:
  OutlineList(OutlineList&&) = default;

  // `declared` must be of the index of the graph, which must have loaded what OutlineTags needs.
  // Errors are those of reading the source, and kCancelled once `*cancelled` is true; null: never.
  static absl::StatusOr<OutlineList> Make(const OwnedGraph& owned, const Declarations& declared,
                                          const OutlinePlan& plan,
                                          const std::atomic<bool>* cancelled);

  // They live as long as the list.
  absl::Span<const Edit> edits() const { return edits_; }

  const OutlineCounts& counts() const { return counts_; }

 private:
  class Writer;

  OutlineList() = default;

  std::vector<Edit> edits_;
  std::deque<std::string> bytes_;  // What the edits insert.
  OutlineCounts counts_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_OUTLINE_LIST_H_
