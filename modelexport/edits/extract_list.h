// The changes that leave a part of a model that runs alone.
#ifndef MODELEXPORT_EDITS_EXTRACT_LIST_H_
#define MODELEXPORT_EDITS_EXTRACT_LIST_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/value_infos.h"
#include "modelexport/modules/cut.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/splice_plan.h"

namespace modelexport {

struct ExtractOptions {
  // The inputs and outputs that the part gets, in this order.
  std::vector<ValueInfo> inputs, outputs;

  // The new contents of TensorProtos, by position in ModelIndex::tensors(). Each is an initializer
  // of the main graph, or of one that CanReplace() allows.
  absl::flat_hash_map<uint32_t, std::string> tensors;
};

// Of the main graph these stay: the nodes and initializers of a cut, with the declared inputs that
// such an initializer is the default of; value_info of values that kept nodes make and that are no
// outputs; annotations of kept tensors. Of the model: functions that are called, the imports of
// domains in use, and all else but training_info.
//
// If the cut is of a body, its nodes and initializers are moved to the end of the main graph.
//
// Immutable once made.
class ExtractList {
 public:
  ExtractList(ExtractList&&) = default;

  // `declared` must be of the index of `graph`. Errors are those of reading the source.
  static absl::StatusOr<ExtractList> Make(const GraphView& graph, const Declarations& declared,
                                          const Cut& cut, const ExtractOptions& options);

  // Whether ExtractOptions::tensors may have this tensor, which the cut keeps: an initializer that
  // is not sparse, and neither in a function nor in a body of a node that is moved.
  static bool CanReplace(const GraphView& graph, const Cut& cut, uint32_t tensor);

  // They live as long as the list.
  absl::Span<const Edit> edits() const { return edits_; }

  size_t initializers() const { return initializers_; }  // Kept, of the main graph or moved to it.

 private:
  class Writer;

  ExtractList() = default;

  std::vector<Edit> edits_;
  std::deque<std::string> bytes_;  // What the edits insert.
  size_t initializers_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_EXTRACT_LIST_H_
